// Before anything is painted: honour Exit, the person's language and look, and paint the card's
// front without waiting for the app, which is started after the first paint.
(() => {
  const root = document.documentElement;
  const path = location.pathname;
  const named = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  let kept = {};
  try {
    if (sessionStorage.getItem('exited') && path !== '/away') return location.replace('/away');
    kept = { ...localStorage };
  } catch {}
  const { language, theme, text } = kept;
  if (language) {
    root.lang = language;
    root.dir = /^(ar|ur|fa|he)\b/.test(language) ? 'rtl' : 'ltr';
  }
  if (theme) root.dataset.theme = theme;
  if (text) root.dataset.text = text;
  root.dataset.at = { '/': 'home', '/card': 'card' }[path] || 'other';

  let begun;
  const start = () => {
    if (begun) return;
    begun = true;
    const app = document.createElement('script');
    app.type = 'module';
    app.src = named('app');
    const add = () => document.head.append(app);
    document.readyState === 'loading' ? addEventListener('DOMContentLoaded', add) : add();
  };
  if (root.dataset.at !== 'card') return start();

  // Two frames: the first one is being drawn when its turn is called.
  const afterPaint = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
    self.requestIdleCallback ? requestIdleCallback(start, { timeout: 600 }) : start())));
  setTimeout(start, 3000);
  // The service worker has put the front into the page.
  if (root.dataset.painted === root.lang) return afterPaint();
  if ('painted' in root.dataset) {
    // In another language than the one chosen now.
    delete root.dataset.painted;
    addEventListener('DOMContentLoaded', () => document.getElementById('shell').replaceChildren());
    return afterPaint();
  }
  try {
    const open = indexedDB.open('safe-place');
    open.onupgradeneeded = () => open.transaction.abort();
    open.onblocked = open.onerror = afterPaint;
    open.onsuccess = () => {
      const db = open.result;
      try {
        const found = db.transaction('front').objectStore('front').get('front');
        found.onsuccess = () => {
          const front = found.result;
          if (front && front.version === named('version') && front.language === root.lang) {
            const paint = () => {
              document.getElementById('shell').innerHTML = front.html;
              root.dataset.painted = root.lang;
            };
            document.getElementById('shell') ? paint() : addEventListener('DOMContentLoaded', paint);
          }
          afterPaint();
        };
        found.onerror = afterPaint;
      } catch {
        afterPaint();
      }
      db.close();
    };
  } catch {
    afterPaint();
  }
})();
