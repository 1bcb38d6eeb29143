import cf from 'cloudfront';

// The viewer-request function of every behaviour that reaches the API (CloudFront Functions, runtime 2.0): it says where
// the reader is, as far as the law there matters, in x-viewer-jurisdiction. That header is the cache key and the one
// thing the API believes, so it is set here whatever the client sent. The rules are those of law.json: a test
// holds the tables below against it, and every answer against Python's.
// CloudFront runs njs, which lacks much of JavaScript: a test allows what tools/simulated_edge/grammar.json lists.

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
// Addresses that no reader on the public internet has (IANA's registries of special-purpose addresses), as keyOf writes
// them, and those within them that are public all the same.
const SPECIAL_4 =
  '00000000/8 0a000000/8 64400000/10 7f000000/8 a9fe0000/16 ac100000/12 c0000000/24 c0000200/24 c0a80000/16 c6120000/15 c6336400/24 cb007100/24 e0000000/4 f0000000/4';
const PUBLIC_4 = 'c0000009/32 c000000a/32';
const SPECIAL_6 = '20010000/23 20010db8/32 20020000/16 3fff0000/20';
const PUBLIC_6 =
  '20010001000000000000000000000001/128 20010001000000000000000000000002/128 20010003/32 200100040112/48 20010020/28 20010030/28';
const DAY = 86400000; // milliseconds
const MAXIMUM_AGE = 365; // days that the store's networks are believed
const TRACKING = /^(utm_.*|fbclid|gclid|yclid|dclid|msclkid|igshid|mc_cid|mc_eid|_openstat|ysclid|wt_.*)$/i;

const zone = cf.kvs();

async function handler(event) {
  const request = event.request;
  let jurisdiction = 'unknown';
  try {
    jurisdiction = await jurisdictionOf(
      header(request, 'cloudfront-viewer-country'),
      header(request, 'cloudfront-viewer-country-region'),
      event.viewer.ip,
      header(request, 'cloudfront-viewer-asn')
    );
  } catch (error) {
    // Whatever goes wrong here leaves the place unknown, for which the notice is due.
  }
  request.headers['x-viewer-jurisdiction'] = { value: jurisdiction };
  if (request.uri === '/v1/legal-notices') {
    const network = await networkSaid(request);
    request.headers['x-viewer-network'] = { value: network };
  }
  request.querystring = sorted(request.querystring);
  return request;
}

// What the canary asks for there: whether the number arrives. Of what is answered there, nothing is kept.
async function networkSaid(request) {
  try {
    const network = await networkOf(header(request, 'cloudfront-viewer-asn'));
    return network;
  } catch (error) {
    return 'absent';
  }
}

function header(request, name) {
  const found = request.headers[name];
  if (!found) return '';
  if (found.multiValue && found.multiValue.length > 1) throw new Error('two values');
  return found.value.trim().toUpperCase();
}

async function jurisdictionOf(country, region, address, system) {
  const place = await placeOf(country, region, address);
  if (place !== 'elsewhere') return place;
  const network = await networkOf(system);
  return network === 'other' ? place : 'unknown';
}

// What the number of the viewer's autonomous system says. In a network of hosting, VPN or Tor an address says where a
// machine stands, and not its reader. Where the number is absent, nobody knows the network, and so nobody the reader.
async function networkOf(system) {
  if (!/^[1-9][0-9]*$/.test(system)) return 'absent';
  const isHiding = await zone.exists('as' + system);
  return isHiding ? 'hiding' : 'other';
}

async function placeOf(country, region, address) {
  if (BY_COUNTRY[country]) return BY_COUNTRY[country];
  if (!/^[A-Z]{2}$/.test(country) || !COUNTRIES.includes(country)) return 'unknown';
  const regions = REGIONS[country];
  const code = region.startsWith(country + '-') ? region.slice(country.length + 1) : region;
  const padded = code.length === 1 ? '0' + code : code;
  if (regions && padded && regions.zone.split(' ').includes(padded)) return regions.inside;
  // Nobody can say where an address is that is not public.
  const bytes = bytesOf(address);
  if (!isPublic(bytes)) return 'unknown';
  if (!regions) return 'elsewhere';
  const isInside = await isInZone(bytes);
  if (isInside) return regions.inside;
  const isBelieved = await isStoreBelieved();
  if (!isBelieved) return 'unknown';
  return !padded || regions.elsewhere.split(' ').includes(padded) ? 'elsewhere' : 'unknown';
}

async function isInZone(bytes) {
  const is4 = bytes.length === 4;
  const prefixes = is4 ? PREFIXES_4 : PREFIXES_6;
  for (let at = 0; at < prefixes.length; at++) {
    const isHeld = await zone.exists(keyOf(bytes.slice(0, is4 ? 4 : 6), prefixes[at]));
    if (isHeld) return true;
  }
  return false;
}

// Written last, the key `loaded` says from which day the networks are. A store that has not been loaded lacks it.
async function isStoreBelieved() {
  const isLoaded = await zone.exists('loaded');
  if (!isLoaded) return false;
  const built = await zone.get('loaded');
  const age = Math.floor(Date.now() / DAY) - Date.parse(built) / DAY;
  return age >= -1 && age <= MAXIMUM_AGE;
}

function isPublic(bytes) {
  if (bytes.length === 4) return !isIn(bytes, SPECIAL_4) || isIn(bytes, PUBLIC_4);
  // 2000::/3 is all that IANA hands out (RFC 4291, 2.4).
  return bytes[0] >> 5 === 1 && (!isIn(bytes, SPECIAL_6) || isIn(bytes, PUBLIC_6));
}

function isIn(bytes, networks) {
  return networks.split(' ').some((network) => {
    const parts = network.split('/');
    return keyOf(bytes.slice(0, parts[0].length / 2), Number(parts[1])) === network;
  });
}

// A network's key: the first digits of the masked address in hexadecimal, and the length of the prefix.
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
  const missing = 8 - left.length - right.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) throw new Error('no address');
  const groups = left.concat(halves.length === 2 ? Array(missing).fill('0') : [], right);
  const bytes = [];
  groups.forEach((group) => {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw new Error('no address');
    const value = parseInt(group, 16);
    bytes.push(value >> 8, value & 255);
  });
  const start = bytes.slice(0, 12).join();
  return start === '0,0,0,0,0,0,0,0,0,0,255,255' || start === '0,100,255,155,0,0,0,0,0,0,0,0' ? bytes.slice(12) : bytes;
}

function dotted(address) {
  const bytes = address.split('.').map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) throw new Error('no address');
  return bytes;
}

// One order of parameters and none that only tells where a link was found, so that one answer has one cache key. Names
// and values come as the viewer wrote them, percent-encoded, and stay so. As a string, as in AWS's example "Normalize
// query string parameters": in which order an object's parameters would be sent is documented nowhere.
function sorted(query) {
  const names = Object.keys(query).filter((name) => !TRACKING.test(name));
  return names
    .sort()
    .map((name) => {
      const values = query[name].multiValue || [query[name]];
      return values.map((each) => whole(name) + '=' + whole(each.value)).join('&');
    })
    .join('&');
}

// What would end a parameter or the query, should an engine hand it over decoded.
function whole(text) {
  return text.replace(/[&#\s]/g, encodeURIComponent);
}
