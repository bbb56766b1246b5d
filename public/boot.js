// Before anything is painted: honour Exit, the person's language and look, and paint the card's
// front, or the page of a helper who holds the phone, without waiting for the app, which is started after the first paint.
(() => {
  const root = document.documentElement;
  const path = location.pathname;
  const named = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  let kept = {};
  try {
    if (sessionStorage.getItem('exited') && path !== '/away') return location.replace('/away');
    kept = { ...localStorage };
  } catch {}
  const { language, theme, text, reports, name } = kept;
  if (language) {
    root.lang = language;
    root.dir = /^(ar|ur|fa|he)\b/.test(language) ? 'rtl' : 'ltr';
  }
  if (theme) root.dataset.theme = theme;
  if (text) root.dataset.text = text;
  if (reports) root.dataset.reports = reports;
  if (name) {
    // What is put on the home screen, and what others may see in a list of open pages, says nothing.
    document.title = named('neutral');
    addEventListener('DOMContentLoaded', () => {
      const link = (rel, href) => { document.querySelector(`link[rel=${rel}]`).href = href; };
      link('manifest', '/neutral.webmanifest');
      link('apple-touch-icon', '/icons/neutral-192.png');
      link('icon', '/icons/neutral-192.png');
    });
  }
  // A helper holds the phone: whatever the address says, only their page is shown.
  const handed = 'handed-over' in kept || root.dataset.record === 'handover';
  root.dataset.at = handed ? 'handed' : { '/': 'home', '/card': 'card' }[path] || 'other';
  const record = handed ? 'handover' : 'front';
  // Both are said before anybody asks the phone itself, which takes a moment.
  if (kept.voice && kept.voice === root.lang) root.dataset.voice = kept.voice;
  if ('save-battery' in kept && (handed || path === '/card')) {
    root.dataset.power = 'low';
    root.dataset.theme = 'dark';
  }
  // A call may end the app in the moment of the tap: what was tapped is noted before.
  addEventListener('click', ({ target }) => {
    const ring = target.closest?.('[data-rings]');
    try {
      if (ring) localStorage.rang = `${ring.dataset.rings} ${Date.now()}`;
    } catch {}
  }, true);

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
  if (!['card', 'handed'].includes(root.dataset.at)) return start();

  // Two frames: the first one is being drawn when its turn is called.
  const afterPaint = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
    self.requestIdleCallback ? requestIdleCallback(start, { timeout: 600 }) : start())));
  setTimeout(start, 3000);
  // The service worker has put it into the page.
  if (root.dataset.painted === root.lang && root.dataset.record === record) return afterPaint();
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
        const found = db.transaction('front').objectStore('front').get(record);
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
