// Runs the edge function in a context of its own, with nothing in it but the language and CloudFront's one module.
// One JSON exchange a line in, one JSON answer a line out.
const fs = require('fs');
const vm = require('vm');
const readline = require('readline');

const source = fs.readFileSync(process.argv[2], 'utf8');
const opening = "import cf from 'cloudfront';";
if (!source.startsWith(opening)) throw new Error('the function must import cloudfront first');

let store = { values: {}, is_broken: false };
let asked = [];

function held(key) {
  asked.push(key);
  if (store.is_broken) throw new Error('the store does not answer');
  return Object.hasOwn(store.values, key);
}

const cf = {
  kvs: () => ({
    exists: async (key) => held(key),
    get: async (key) => {
      if (!held(key)) throw new Error('KeyNotFound');
      return store.values[key];
    },
  }),
};
const context = vm.createContext({ cf });
let refusal = null;
try {
  vm.runInContext(`${source.slice(opening.length)}\nthis.handler = handler; this.clock = Date.now;`, context);
} catch (error) {
  refusal = String(error);
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  if (refusal) {
    process.stdout.write(JSON.stringify({ error: refusal }) + '\n');
    return;
  }
  const exchange = JSON.parse(line);
  store = exchange.store;
  asked = [];
  context.now = exchange.now;
  vm.runInContext('Date.now = now === null ? clock : () => now', context);
  const requests = [];
  let answer = { requests, asked };
  try {
    for (const event of exchange.events) requests.push(await context.handler(event));
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
});
