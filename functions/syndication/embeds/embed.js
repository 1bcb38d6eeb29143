// <content-article src="https://…/embed/articles/…"> shows an article in a frame. Until the frame reports its height, and
// if it never does, the element shows what stands between its tags, with the legal notice above. The script is served
// without comments and without spaces beside punctuation (element.py), so each statement must end in a semicolon.
(() => {
  const NOTICE = {{notice}};
  const TAG = 'content-article';
  if (customElements.get(TAG)) return;
  customElements.define(TAG, class extends HTMLElement {
    connectedCallback() {
      // While the browser still reads the page, what stands between the tags is not there yet.
      if (document.readyState == 'loading') addEventListener('DOMContentLoaded', () => this.show());
      else this.show();
    }
    show() {
      if (this.shadowRoot) return;
      // Other schemes than HTTP could run code in the partner's page. A fragment could open the page below the notice.
      const url = new URL(this.getAttribute('src') || '', document.baseURI);
      if (!/^https?:/.test(url.href)) return;
      const theme = this.getAttribute('theme');
      if (theme && theme != 'auto') url.searchParams.set('theme', theme);
      url.hash = '';
      const src = url.href;
      const made = document.createElement('div');
      // If the partner's policy forbids innerHTML (Trusted Types), what stands between the tags stays. If it forbids
      // styles, the attributes are enough for the frame.
      made.innerHTML = '<style>:host,iframe{display:block}[role]{border:2px solid #d32f2f;padding:0 1em;margin:0 0 1em}' +
        '</style><div><slot><a></a></slot></div><iframe loading=lazy width=100% height=0 frameborder=0 sandbox=' +
        '"allow-scripts allow-popups allow-popups-to-escape-sandbox" referrerpolicy=no-referrer allow=fullscreen></iframe>';
      const [shown, link, frame] = made.querySelectorAll('div,a,iframe');
      link.href = link.textContent = src;
      if (!this.querySelector('[data-legal-notice]')) shown.insertAdjacentHTML('afterbegin', NOTICE);
      frame.title = (this.querySelector('a') || link).textContent;
      frame.src = src;
      addEventListener('message', ({ source, data }) => {
        if (source && source == frame.contentWindow && data.type == TAG && data.height > 0) {
          frame.height = data.height;
          shown.hidden = true;
        }
      });
      this.attachShadow({ mode: 'open' }).append(...made.children);
    }
  });
})();
