// What @extractus/oembed-extractor finds for an address: by the link on its page, or at a provider's address where one
// is given. As JSON, or the message of its error.
const { extract, setProviderList } = require('@extractus/oembed-extractor');

// It asks providers by https alone, which nobody speaks on this machine.
const plain = (address) => fetch(address.replace(/^https:/, 'http:'));
const [url, endpoint, parameters = '{}'] = process.argv.slice(2);
const provider = { provider_name: 'Local', provider_url: new URL(url).origin, endpoints: [{ schemes: [], url: endpoint }] };
setProviderList(endpoint ? [provider] : []);
extract(url, JSON.parse(parameters), plain).then(
  (found) => console.log(JSON.stringify(found)),
  (error) => console.log(JSON.stringify({ error: error.message })),
);
