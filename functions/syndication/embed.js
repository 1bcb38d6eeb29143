// <content-article src="https://…/embed/articles/…"> shows an article in a frame. Until the frame speaks, and where it
// cannot, what stands between the tags is shown, and the legal notice above it.
(() => {
  const NOTICE = {{notice}};
  if (customElements.get('content-article')) return;
  customElements.define('content-article', class extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: 'open' });
      const src = this.getAttribute('src');
      root.innerHTML = '<style>:host{display:block}[role]{border:2px solid #b00020;padding:.5em 1em;margin:0 0 1em}' +
        'iframe{border:0;display:block;width:100%;height:0}</style><div><slot><a></a></slot></div>';
      const [shown, link] = root.querySelectorAll('div,a');
      link.href = link.textContent = src;
      if (!this.querySelector('[data-legal-notice]')) shown.insertAdjacentHTML('afterbegin', NOTICE);
      const frame = document.createElement('iframe');
      frame.title = (this.querySelector('a') || link).textContent;
      frame.sandbox = 'allow-scripts allow-popups allow-popups-to-escape-sandbox';
      frame.referrerPolicy = 'no-referrer';
      addEventListener('message', ({ source, data }) => {
        if (source && source === frame.contentWindow && data.type === 'content-article' && data.height > 0) {
          frame.style.height = data.height + 'px';
          shown.hidden = true;
        }
      });
      new IntersectionObserver((seen, observer) => {
        if (!seen.some((each) => each.isIntersecting)) return;
        observer.disconnect();
        frame.src = src;
        root.append(frame);
      }, { rootMargin: '400px' }).observe(this);
    }
  });
})();
