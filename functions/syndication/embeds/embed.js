// <content-article src="https://…/embed/articles/…"> shows an article in a frame. Until the frame speaks, and where it
// cannot, what stands between the tags is shown, and the legal notice above it. It is served without comments and
// without spaces beside signs, so each statement ends in a semicolon.
(() => {
  const NOTICE = {{notice}};
  const TAG = 'content-article';
  if (customElements.get(TAG)) return;
  customElements.define(TAG, class extends HTMLElement {
    connectedCallback() {
      // While the page is being read, what stands between the tags is not there yet.
      if (document.readyState == 'loading') addEventListener('DOMContentLoaded', () => this.show());
      else this.show();
    }
    show() {
      if (this.shadowRoot) return;
      // An address of another kind could run in the partner's page; one with a fragment could open below the notice.
      const src = (this.getAttribute('src') || '').split('#')[0];
      if (!/^https?:/.test(new URL(src, document.baseURI).href)) return;
      const made = document.createElement('div');
      // Where the partner's own policy forbids this (Trusted Types), what stands between the tags stays; where it forbids
      // styles, attributes make the frame.
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
