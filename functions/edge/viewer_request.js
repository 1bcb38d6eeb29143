import cf from 'cloudfront';

// The viewer-request function of every behaviour that reaches the API (CloudFront Functions, runtime 2.0): it says where
// the reader is, as far as the law there matters, in x-viewer-jurisdiction. That header is the cache key and the one
// thing the API believes, so it is set here whatever the client sent. The rules are those of jurisdictions.json: a test
// holds the tables below against it, and every answer against Python's.

const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';
const BY_COUNTRY = { RU: 'ru' };
const REGIONS = {
  UA: {
    inside: 'ua-occupied',
    zone: '43 40 14 09 23 65',
    elsewhere: '05 07 12 18 21 26 30 32 35 46 48 51 53 56 59 61 63 68 71 74 77',
  },
};
const PREFIXES_4 = [16, 20, 22, 24];
const PREFIXES_6 = [32, 40, 48];
const TRACKING = /^(utm_.*|fbclid|gclid|yclid|dclid|msclkid|igshid|mc_cid|mc_eid|_openstat|ysclid|wt_.*)$/i;

const zone = cf.kvs();

async function handler(event) {
  const request = event.request;
  let jurisdiction = 'unknown';
  try {
    jurisdiction = await jurisdictionOf(
      header(request, 'cloudfront-viewer-country'),
      header(request, 'cloudfront-viewer-country-region'),
      event.viewer.ip
    );
  } catch (error) {
    // Whatever goes wrong here leaves the place unknown, for which the notice is due.
  }
  request.headers['x-viewer-jurisdiction'] = { value: jurisdiction };
  request.querystring = sorted(request.querystring);
  return request;
}

function header(request, name) {
  const found = request.headers[name];
  if (!found) return '';
  if (found.multiValue && found.multiValue.length > 1) throw new Error('two values');
  return found.value.trim().toUpperCase();
}

async function jurisdictionOf(country, region, address) {
  if (BY_COUNTRY[country]) return BY_COUNTRY[country];
  if (country.length !== 2 || !COUNTRIES.split(' ').includes(country)) return 'unknown';
  const regions = REGIONS[country];
  if (!regions) return 'elsewhere';
  const code = region.startsWith(country + '-') ? region.slice(country.length + 1) : region;
  const padded = code.length === 1 ? '0' + code : code;
  if (padded && regions.zone.split(' ').includes(padded)) return regions.inside;
  if (await isInZone(address)) return regions.inside;
  // A store that has not been loaded yet has every key missing.
  if (!(await zone.exists('loaded'))) return 'unknown';
  return !padded || regions.elsewhere.split(' ').includes(padded) ? 'elsewhere' : 'unknown';
}

// Keys are networks: the first digits of the masked address in hexadecimal, and the length of the prefix.
async function isInZone(address) {
  const bytes = bytesOf(address);
  const is4 = bytes.length === 4;
  const prefixes = is4 ? PREFIXES_4 : PREFIXES_6;
  for (const length of prefixes) {
    if (await zone.exists(keyOf(bytes.slice(0, is4 ? 4 : 6), length))) return true;
  }
  return false;
}

function keyOf(bytes, length) {
  let digits = '';
  for (let at = 0; at < bytes.length; at++) {
    const kept = Math.min(8, Math.max(0, length - 8 * at));
    digits += (bytes[at] & (0xff << (8 - kept)) & 0xff).toString(16).padStart(2, '0');
  }
  return digits + '/' + length;
}

// Four bytes or sixteen; IPv4 inside IPv6 (mapped: RFC 4291, 2.5.5.2; NAT64: RFC 6052) counts as IPv4.
function bytesOf(address) {
  if (!address.includes(':')) return dotted(address);
  let text = address;
  const tail = text.slice(text.lastIndexOf(':') + 1);
  if (tail.includes('.')) {
    const b = dotted(tail);
    text = text.slice(0, -tail.length) + ((b[0] << 8) | b[1]).toString(16) + ':' + ((b[2] << 8) | b[3]).toString(16);
  }
  const halves = text.split('::');
  const left = halves[0] ? halves[0].split(':') : [];
  const right = halves[1] ? halves[1].split(':') : [];
  const missing = halves.length === 2 ? 8 - left.length - right.length : 0;
  const groups = left.concat(Array(Math.max(0, missing)).fill('0'), right);
  if (groups.length !== 8 || halves.length > 2) throw new Error('no address');
  const bytes = [];
  for (const group of groups) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw new Error('no address');
    const value = parseInt(group, 16);
    bytes.push(value >> 8, value & 255);
  }
  const start = bytes.slice(0, 12).join();
  return start === '0,0,0,0,0,0,0,0,0,0,255,255' || start === '0,100,255,155,0,0,0,0,0,0,0,0' ? bytes.slice(12) : bytes;
}

function dotted(address) {
  const bytes = address.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) throw new Error('no address');
  return bytes;
}

// One order of parameters and none that only tells where a link was found, so that one answer has one cache key.
function sorted(query) {
  const kept = {};
  for (const name of Object.keys(query).sort()) {
    if (!TRACKING.test(name)) kept[name] = query[name];
  }
  return kept;
}
