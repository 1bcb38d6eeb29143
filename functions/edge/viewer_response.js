import cf from 'cloudfront';

// CloudFront runs this for each picture that it sends (viewer response, runtime 2.0). The edge keeps one copy for whoever
// asks; this says what their device may keep. A copy on a device is evidence against its reader, so none is kept where the
// place is not known to be elsewhere. The event has the request as the viewer sent it: a jurisdiction that it states is a
// claim, and the place is worked out from what CloudFront says.

async function handler(event) {
  const response = event.response;
  let kept = 'private, no-store';
  try {
    const place = await jurisdictionOf(
      header(event.request, 'cloudfront-viewer-country'),
      header(event.request, 'cloudfront-viewer-country-region'),
      event.viewer.ip,
      header(event.request, 'cloudfront-viewer-asn')
    );
    const isPicture = [200, 206, 304].includes(response.statusCode);
    if (place === 'elsewhere' && isPicture) kept = 'private, max-age=31536000, immutable';
  } catch (error) {
    // After any error the place is unknown, and nothing is kept.
  }
  response.headers['cache-control'] = { value: kept };
  return response;
}

// From here on it is viewer_request.js, which says where a viewer is: `make law` copies it.

// Made by `make law`, from law.json.
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';
const BY_COUNTRY = { RU: 'ru' };
const REGIONS = {
  UA: {
    inside: {
      'ua-occupied': '43 40 14 09 23 65',
    },
    elsewhere: '05 07 12 18 21 26 30 32 35 46 48 51 53 56 59 61 63 68 71 74 77',
  },
};
const PREFIXES_4 = [16, 20, 22, 24];
const PREFIXES_6 = [32, 40, 48];
// Networks that no reader on the public internet has (IANA's registries of special-purpose addresses), as keyOf writes
// them, and the parts of them that are public.
const SPECIAL_4 =
  '00000000/8 0a000000/8 64400000/10 7f000000/8 a9fe0000/16 ac100000/12 c0000000/24 c0000200/24 c0a80000/16 c6120000/15 c6336400/24 cb007100/24 e0000000/4 f0000000/4';
const PUBLIC_4 = 'c0000009/32 c000000a/32';
const SPECIAL_6 = '20010000/23 20010db8/32 20020000/16 3fff0000/20';
const PUBLIC_6 =
  '20010001000000000000000000000001/128 20010001000000000000000000000002/128 20010003/32 200100040112/48 20010020/28 20010030/28';
const DAY = 86400000; // milliseconds
const MAXIMUM_AGE = 365; // days for which the store's networks may be used

const zone = cf.kvs();

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

// The kind of the viewer's network, by the number of its autonomous system. In the network of a hosting company, a VPN or
// Tor, an address says where a machine is, and not where its reader is. Without the number, the network is unknown.
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
  // A database may leave out a leading zero; there are codes of one character, too (AR-C, AT-9).
  const among = (codes) => codes.split(' ').some((each) => each === code || each === '0' + code);
  const stated = regions && code && insideOf(regions, (name) => among(regions.inside[name]));
  if (stated) return stated;
  // An address that is not public may be anywhere.
  const bytes = bytesOf(address);
  if (!isPublic(bytes)) return 'unknown';
  if (!regions) return 'elsewhere';
  const counted = await networkCountsAs(bytes);
  // Sources may differ about a network: then it is in several, and the notices of each are due.
  const inside = Object.keys(regions.inside).filter((name) => counted.includes(name));
  if (inside.length) return inside.join(' ');
  const isBelieved = await isStoreBelieved(regions);
  if (!isBelieved) return 'unknown';
  return !code || among(regions.elsewhere) ? 'elsewhere' : 'unknown';
}

function insideOf(regions, test) {
  return Object.keys(regions.inside).filter(test)[0];
}

// The jurisdictions of the address's network, for countries that have regions in a jurisdiction.
async function networkCountsAs(bytes) {
  const is4 = bytes.length === 4;
  const prefixes = is4 ? PREFIXES_4 : PREFIXES_6;
  for (let at = 0; at < prefixes.length; at++) {
    const key = keyOf(bytes.slice(0, is4 ? 4 : 6), prefixes[at]);
    const isHeld = await zone.exists(key);
    if (isHeld) {
      const names = await zone.get(key);
      return names.split(' ');
    }
  }
  return [];
}

// The key `loaded` is written last. It has the day of the networks, and their jurisdictions, each with a digest of its
// places. A store that has not been loaded lacks it.
async function isStoreBelieved(regions) {
  const isLoaded = await zone.exists('loaded');
  if (!isLoaded) return false;
  const loaded = await zone.get('loaded');
  const told = loaded.split(/[ :]/);
  const age = Math.floor(Date.now() / DAY) - Date.parse(told[0]) / DAY;
  return age >= -1 && age <= MAXIMUM_AGE && !insideOf(regions, (name) => !told.includes(name));
}

function isPublic(bytes) {
  if (bytes.length === 4) return !isIn(bytes, SPECIAL_4) || isIn(bytes, PUBLIC_4);
  // IANA hands out addresses in 2000::/3 only (RFC 4291, 2.4).
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

// The 4 or 16 bytes of an address. IPv4 inside IPv6 (mapped: RFC 4291, 2.5.5.2; NAT64: RFC 6052) counts as IPv4.
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
