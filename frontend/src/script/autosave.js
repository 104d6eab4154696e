// form[data-autosave=place]: what is changed waits in the queue from that moment, is sent within two seconds, and leaves the queue only when
// the server says that it is kept. [data-attempt] is the line that tells how it stands. The ordinary buttons stay the way without script.
import { openQueue } from './queue.js';

const PAUSE = 600, NO_LATER = 1500, LONGEST_WAIT = 15000;
// How long a save may be under way: one that comes back later has been given up here, and sending it again does no harm.
const SAVING = 20000, GOING_ON = 6000;

export function keepAnswers() {
  const line = document.querySelector('[data-attempt]');
  if (!line) return { flush: async () => true };
  const form = document.querySelector('form[data-autosave]');
  const place = form ? Number(form.dataset.autosave) : 0;
  const me = itself();
  const others = globalThis.BroadcastChannel ? new BroadcastChannel(`klasteris-${line.dataset.attempt}`) : null;
  const waiting = new Map(); // place → the newest answer that is not known to be kept
  const ready = openQueue(line.dataset.attempt, line.dataset.secret);
  let writes = ready, timer = 0, since = 0, wait = 1000, sending = null, failing = false, changed = false, signedOut = false, held = false, late = 0;

  const say = (text, kind = '') => {
    if (kind) line.dataset.is = kind; else delete line.dataset.is;
    const shown = line.querySelector('span');
    if (shown.textContent !== text) shown.textContent = text;
  };
  const sayWaiting = () => say((held && me.lasting ? line.dataset.offline : line.dataset.waiting).replace('{n}', waiting.size), 'waiting');
  const stored = (what) => { writes = writes.then(() => ready).then(what).catch(() => {}); return writes; };
  const drop = (entry) => {
    if (waiting.get(entry.place)?.sequence === entry.sequence && waiting.get(entry.place)?.tab === entry.tab) {
      waiting.delete(entry.place);
      stored((queue) => queue.remove(entry.place));
    }
  };

  function touch() {
    changed = true;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !['base', 'tab', 'sequence', 'go'].includes(name));
    const entry = { place, url: new URL(form.action).pathname, fields, base: form.elements.base.value, tab: me.tab, sequence: me.next() };
    waiting.set(place, entry);
    stored((queue) => queue.put(entry));
    if (failing) sayWaiting();
    since ||= performance.now();
    later(Math.max(0, Math.min(PAUSE, NO_LATER - (performance.now() - since))));
    return entry;
  }
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(flush, ms); };

  // Sends what waits, the oldest first; true when nothing is left waiting.
  function flush() {
    clearTimeout(timer);
    since = 0;
    sending ||= drain().finally(() => { sending = null; });
    return sending.then((ok) => (ok && toSend().length ? flush() : ok));
  }

  const toSend = () => [...waiting.values()].filter((entry) => !entry.lost).sort((a, b) => a.sequence - b.sequence);

  async function drain() {
    for (const entry of toSend()) {
      const said = await send(entry);
      if (!said) {
        failing = true;
        later(wait = Math.min(wait * 2, LONGEST_WAIT));
        return false;
      }
      failing = false;
      wait = 1000;
    }
    return true;
  }

  // What the server said, or nothing when it cannot be reached and the answer goes on waiting.
  async function send(entry, go = 'stay', longest = SAVING) {
    const body = new FormData();
    for (const [name, value] of [...entry.fields, ['base', entry.base], ['tab', entry.tab], ['sequence', entry.sequence], ['go', go]]) body.append(name, value);
    const slow = setTimeout(sayWaiting, 2500);
    let answer, said;
    try {
      answer = await fetch(entry.url, { method: 'POST', body, headers: { 'X-Requested-With': 'fetch' }, redirect: 'error', keepalive: document.hidden, signal: AbortSignal.timeout?.(longest) });
      said = { status: answer.status, ...(await answer.json()) };
    } catch {
      signedOut = answer?.status === 401;
      if (signedOut) say(line.dataset.signedOut, 'waiting');
      else sayWaiting();
      return null;
    } finally {
      clearTimeout(slow);
    }
    held = false;
    if (said.seconds_left != null) document.dispatchEvent(new CustomEvent('klasteris:left', { detail: { seconds: said.seconds_left, until: said.until } }));
    switch (said.outcome) {
      case 'kept':
      case 'older':
        drop(entry);
        // after "older" the page may show less than what stands, so it has not seen that revision
        if (entry.place === place && said.outcome === 'kept') form.elements.base.value = said.revision;
        others?.postMessage({ place: entry.place, revision: said.revision, tab: me.tab, at: said.saved_at });
        say(line.dataset.saved.replace('{time}', said.saved_at));
        return said;
      case 'elsewhere':
        tellElsewhere(entry, said.saved_at);
        return said;
      case 'late':
        drop(entry);
        say(line.dataset.late.replace('{n}', ++late), 'waiting');
        return said;
      case 'refused':
        drop(entry);
        say(said.detail, 'waiting');
        return said;
      default: // something between here and there went wrong
        sayWaiting();
        return null;
    }
  }

  function tellElsewhere(entry, at) {
    if (entry.place === place) {
      drop(entry); // it stands in the form, and the button below sends the form
      showElsewhere(at);
      say(line.dataset.elsewhere.replace('{n}', place), 'waiting');
      return;
    }
    entry.lost = true;
    stored((queue) => queue.put(entry));
    say(line.dataset.elsewhere.replace('{n}', entry.place), 'waiting');
    const look = document.createElement('button');
    look.type = 'button';
    look.className = 'plain-button';
    look.textContent = line.dataset.look;
    look.addEventListener('click', () => lookAtBoth(entry));
    line.querySelector('span').append(' ', look);
  }

  function showElsewhere(at) {
    const spot = document.querySelector('[data-elsewhere] > template')?.parentElement;
    if (!spot || spot.childElementCount > 1) return;
    const callout = spot.querySelector('template').content.cloneNode(true);
    const title = callout.querySelector('.callout-title');
    title.textContent = title.textContent.replace('{time}', at);
    spot.append(callout);
  }

  // The server's own page shows both answers, so what waited here is sent there as the form would send it.
  function lookAtBoth(entry) {
    const made = document.createElement('form');
    made.method = 'post';
    made.action = entry.url;
    for (const [name, value] of [...entry.fields, ['base', entry.base], ['tab', entry.tab], ['sequence', entry.sequence], ['go', 'stay']]) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      field.value = value;
      made.append(field);
    }
    document.body.append(made);
    stored((queue) => queue.remove(entry.place)).then(() => made.submit());
  }

  const native = (button) => {
    form.elements.tab.value = me.tab;
    form.elements.sequence.value = me.next();
    if (button?.name) {
      const go = document.createElement('input');
      go.type = 'hidden';
      go.name = button.name;
      go.value = button.value;
      form.append(go);
    }
    form.submit();
  };

  // Next, Back, Save and the like: first kept, then gone on. Without a connection the page stays, with everything on it, and says so at once.
  async function goOn(event) {
    const button = event.submitter;
    event.preventDefault();
    if (form.dataset.going) return;
    if (button && button.name !== 'go') return native(button);
    form.dataset.going = 'yes';
    button?.setAttribute('aria-busy', 'true');
    if (sending && navigator.onLine) await Promise.race([sending, new Promise((yes) => setTimeout(yes, GOING_ON))]);
    const entry = touch();
    clearTimeout(timer);
    await writes;
    if (!navigator.onLine) {
      held = true;
      sayWaiting();
    }
    if (button?.value === 'hint' || button?.value === 'check') {
      if (navigator.onLine || await reached()) return native(button);
      return stay(button);
    }
    const said = await send(entry, button?.value ?? 'next', GOING_ON);
    if (said?.outcome === 'kept' || said?.outcome === 'older') {
      await writes;
      if (await flush()) return location.assign(said.next);
    } else if (said || signedOut) {
      return native(button); // the server has a page for each of these
    }
    stay(button);
  }

  // A browser without any network may still reach a platform on its own machine.
  const reached = () => fetch('/health').then(() => true, () => false);

  function stay(button) {
    failing = held = true;
    sayWaiting();
    line.scrollIntoView({ block: 'nearest' });
    later(wait);
    delete form.dataset.going;
    button?.removeAttribute('aria-busy');
  }

  async function start() {
    for (const entry of await (await ready).all()) if (!waiting.has(entry.place)) waiting.set(entry.place, entry);
    const own = waiting.get(place), shown = form?.elements.base.value;
    if (!waiting.size) return;
    if (own?.lost && !changed) return lookAtBoth(own);
    const ok = await flush();
    if (line.hasAttribute('data-over')) await (await ready).clear();
    else if (ok && own && !changed && form.elements.base.value !== shown) location.reload(); // it shows what was before
  }

  if (form) {
    form.addEventListener('input', touch);
    form.addEventListener('change', touch);
    form.addEventListener('submit', goOn);
    others?.addEventListener('message', ({ data }) => {
      if (data.place === place && data.tab !== me.tab && data.revision > Number(form.elements.base.value)) showElsewhere(data.at);
    });
  } else if (!line.hasAttribute('data-over')) {
    handInOnlyWhatIsSaved(flush, waiting);
  }
  addEventListener('online', flush);
  document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); });
  addEventListener('beforeunload', (event) => { if (failing && waiting.size && !me.lasting) event.preventDefault(); });
  ready.then((queue) => { me.lasting = queue.lasting; });
  start();
  return { flush };
}

// On the page before handing in: what still waits is sent first.
function handInOnlyWhatIsSaved(flush, waiting) {
  for (const form of document.querySelectorAll('main form[method=post]')) {
    form.addEventListener('submit', (event) => {
      if (!waiting.size) return;
      event.preventDefault();
      flush().then((ok) => { if (ok && !waiting.size) form.requestSubmit(); });
    });
  }
}

// A tab keeps its name while it goes from page to page: it may always follow its own words. A copy of a tab needs another one,
// which it gets since the lock on the first is taken; and where there are no locks or no memory, each page has its own.
function itself() {
  const me = { tab: Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, '0')).join(''), count: 0, lasting: true };
  let named = false;
  me.next = () => {
    named = true;
    me.count += 1;
    if (navigator.locks) remember(me);
    return me.count;
  };
  const hold = (tab) => navigator.locks.request(`klasteris-${tab}`, { ifAvailable: true }, (lock) => {
    if (!lock) return hold(me.tab);
    if (tab !== me.tab && named) return hold(me.tab);
    if (tab !== me.tab) Object.assign(me, remembered());
    return new Promise(() => {});
  });
  if (navigator.locks) hold(remembered()?.tab ?? me.tab);
  return me;
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem('klasteris-tab') ?? 'null');
  } catch {
    return null;
  }
}

function remember({ tab, count }) {
  try {
    sessionStorage.setItem('klasteris-tab', JSON.stringify({ tab, count }));
  } catch { /* then the next page has a name of its own */ }
}
