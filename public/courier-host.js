// Where the courier runs: a dedicated worker, the service worker, or as a last resort the page.
// It loads the program, holds the lock, tells the screens, and plans the next round.
(() => {
  'use strict';
  const GLUE = '%COURIER_JS%';
  const WASM = '%COURIER_WASM%';
  const screens = new BroadcastChannel('safe-place');
  const inPage = typeof document !== 'undefined';
  // A page loads it for the outbox and for each lock: the first is all of them.
  if (inPage && self.courier) return;
  const dedicated = typeof DedicatedWorkerGlobalScope !== 'undefined';

  // At the top level: the browser then keeps the file with an installed service worker.
  if (!inPage) importScripts(GLUE);

  const glueInPage = () => new Promise((loaded, failed) => {
    const script = document.createElement('script');
    Object.assign(script, { src: GLUE, onload: loaded, onerror: failed });
    document.head.append(script);
  });

  const kept = async (url) => (self.caches && (await caches.match(url).catch(() => null))) || fetch(url);

  let started;
  const start = () => {
    started ??= (async () => {
      if (inPage) await glueInPage();
      const answer = await kept(WASM);
      if (!answer.ok) throw 'not-loaded';
      await courier_module({ module_or_path: await answer.arrayBuffer() });
      return courier_module;
    })();
    started.catch(() => { started = undefined; });
    return started.catch(() => { throw 'not-loaded'; });
  };

  // One tab works on the outbox at a time; a closed tab's lock frees itself.
  const alone = (work) => (navigator.locks ? navigator.locks.request('outbox', work) : work());

  const sync = (insists) => alone(async () => {
    const summary = await (await start()).sync(insists);
    for (const kind of summary.changed) screens.postMessage({ kind });
    if (summary.notice) screens.postMessage({ kind: 'notice', notice: summary.notice });
    screens.postMessage({ kind: 'connection', reached: summary.reached });
    return summary;
  });

  const seal = async (...report) => {
    await (await start()).seal_report(...report);
    screens.postMessage({ kind: 'outbox' });
  };

  // A receipt's digits, before anything is sealed with them.
  const draw = async () => (await start()).draw();

  // What else the program can be asked, by its own names: mailboxes.
  const OPEN_TO_ALL = ['open_mailbox', 'write_to_mailbox', 'withdraw'];
  const program = async (what, with_) => {
    if (!OPEN_TO_ALL.includes(what)) throw 'no-such-way';
    return (await start())[what](...with_);
  };

  // Sealing files that are added to a draft. While a tab is at work on one, its name is held, so that
  // no other tab sweeps what lies in no draft that it can see.
  const HELD = 'files of ';
  const holding = new Set();
  const hold = (report) => {
    if (!navigator.locks || holding.has(report)) return;
    holding.add(report);
    navigator.locks.request(HELD + report, { mode: 'shared' }, () => new Promise(() => {}));
  };
  const file = async (what, [...with_]) => {
    if (what === 'begin') hold(with_[0]);
    if (what === 'write') with_[1] = new Uint8Array(await with_[1].arrayBuffer());
    return (await start())[`file_${what}`](...with_);
  };
  const sweep = async (named) => {
    // Who can't tell what other tabs are at lets everything lie.
    if (!navigator.locks) return;
    const { held } = await navigator.locks.query();
    const theirs = held.filter(({ name }) => name.startsWith(HELD));
    return file('sweep', [[...named, ...theirs.map(({ name }) => name.slice(HELD.length))]]);
  };

  // A picture drawn anew, where no page has to wait for it: nothing that the camera wrote is left in it.
  const redraw = async (file, options, quality) => {
    const picture = await createImageBitmap(file, options);
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    // What is see-through becomes white: a JPEG would make it black.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0);
    picture.close();
    return canvas.convertToBlob({ type: 'image/jpeg', quality });
  };

  // One tab at a time tries PINs; what is asked of a lock is one of the program's own functions.
  const lock = async (what, name, ...with_) => {
    const program = await start();
    const work = () => program[`lock_${what}`](name, ...with_);
    return navigator.locks ? navigator.locks.request(`lock ${name}`, work) : work();
  };
  const backup = async (parts, passphrase) => (await start()).backup(parts, passphrase);
  const restore = async (file, passphrase) => (await start()).restore(file, passphrase);

  self.courier = { draw, seal, sync, program, file, sweep, redraw, lock, backup, restore };
  if (!dedicated && !inPage) return;

  // Rounds go on by themselves while something waits, and stop when nothing does. One that failed
  // altogether is tried again soon: nobody knows what waits.
  const SOON = 60_000;
  let timer;
  const carry = async (insists) => {
    clearTimeout(timer);
    let next = SOON;
    try {
      const summary = await sync(insists);
      // Out of reach with nothing to send: places and scheme are still wanted.
      next = summary.next ?? (summary.reached ? null : SOON);
      return summary;
    } finally {
      clearTimeout(timer);
      if (next !== null) timer = setTimeout(carryOn, next);
    }
  };
  const carryOn = () => carry().catch(() => {});
  // A worker with a name holds the keys of the lock of that name, and carries nothing.
  if (inPage || !self.name) self.addEventListener('online', carryOn);
  self.courier.sync = carry;
  if (inPage) return;

  const asks = {
    draw,
    seal: ({ id, watched, digits, body, centre, parts }) => seal(id, watched, digits, body, centre, parts),
    sync: ({ insists }) => carry(insists),
    program: ({ what, with_ }) => program(what, with_),
    file: ({ what, with_ }) => file(what, with_),
    sweep: ({ named }) => sweep(named),
    redraw: ({ file, options, quality }) => redraw(file, options, quality),
    lock: ({ what, name, a, b }) => lock(what, name, a, b),
    backup: ({ parts, passphrase }) => backup(parts, passphrase),
    restore: ({ file, passphrase }) => restore(file, passphrase),
  };
  self.onmessage = async ({ data }) => {
    try {
      postMessage({ n: data.n, ok: true, value: await asks[data.ask](data) });
    } catch (error) {
      postMessage({ n: data.n, error: typeof error === 'string' ? error : 'broken' });
    }
  };
})();
