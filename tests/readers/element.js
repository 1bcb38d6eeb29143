// Runs /embed.js (the first argument) before just so much of a page as it uses, and shows an element for each address
// (the others; its theme may stand after ` theme=`): prints what each frame and link would lead to, or null where nothing is shown.
const fs = require('node:fs');
const vm = require('node:vm');

const [script, ...addresses] = process.argv.slice(2);
let Element;
const part = () => ({ insertAdjacentHTML() {}, textContent: '', href: '', src: '' });
class HTMLElement {
  constructor(src) { this.src = src; }
  getAttribute(name) { return this.src.split(' theme=')[name === 'src' ? 0 : 1] ?? null; }
  querySelector() { return null; }
  attachShadow() { this.shadowRoot = { append() {} }; return this.shadowRoot; }
}
let parts;
const page = {
  URL, HTMLElement, addEventListener() {},
  customElements: { get() {}, define(_, made) { Element = made; } },
  document: {
    readyState: 'complete',
    baseURI: 'https://partner.example/page',
    createElement: () => ({ children: [], querySelectorAll: () => (parts = [part(), part(), part()]) }),
  },
};
vm.runInNewContext(fs.readFileSync(script, 'utf8'), page);
const shown = addresses.map((address) => {
  parts = null;
  try {
    new Element(address).connectedCallback();
  } catch {
    return null;
  }
  return parts && { link: parts[1].href, frame: parts[2].src };
});
console.log(JSON.stringify(shown));
