// Runs the edge function in a context of its own, with nothing in it but the language and CloudFront's one module.
// One JSON request a line in, one JSON answer a line out.
const fs = require('fs');
const vm = require('vm');
const readline = require('readline');

const source = fs.readFileSync(process.argv[2], 'utf8');
const opening = "import cf from 'cloudfront';";
if (!source.startsWith(opening)) throw new Error('the function must import cloudfront first');

let keys = new Set();
let isBroken = false;
const asked = [];
const cf = {
  kvs: () => ({
    exists: async (key) => {
      asked.push(key);
      if (isBroken) throw new Error('the store does not answer');
      return keys.has(key);
    },
  }),
};
const context = vm.createContext({ cf });
vm.runInContext(`${source.slice(opening.length)}\nthis.handler = handler;`, context);

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const { events, store } = JSON.parse(line);
  if (store) {
    keys = new Set(store.keys);
    isBroken = store.is_broken;
  }
  asked.length = 0;
  const answers = [];
  for (const event of events || []) answers.push(await context.handler(event));
  process.stdout.write(JSON.stringify({ answers, asked }) + '\n');
});
