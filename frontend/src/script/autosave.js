// form[data-autosave]: posts itself shortly after each change and says in [data-saved] whether the answer is kept.
// Only the server's 2xx counts as saved; anything else is tried again, and the ordinary submit button stays the way out.
const PAUSE = 800;
const LONGEST_WAIT = 30000;

export function keepAnswers() {
  const form = document.querySelector('form[data-autosave]');
  if (!form) return { flush: async () => {} };
  const line = document.querySelector('[data-saved]');
  let changed = 0, kept = 0, timer = 0, wait = 2000, sending = null, refused = false;

  const say = (text, waiting) => {
    if (!line) return;
    line.toggleAttribute('data-is', waiting);
    if (waiting) line.dataset.is = 'waiting';
    (line.querySelector('span') ?? line).textContent = text;
  };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms); };

  async function send() {
    clearTimeout(timer);
    if (sending) return sending;
    if (kept === changed) return;
    const mark = changed;
    sending = post(mark).finally(() => { sending = null; if (kept < changed && kept === mark) later(PAUSE); });
    return sending;
  }

  async function post(mark) {
    try {
      const answer = await fetch(form.dataset.autosave || form.action, {
        method: 'POST', body: new FormData(form), headers: { 'X-Requested-With': 'fetch' }, redirect: 'error', keepalive: document.hidden,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      kept = mark;
      refused = false;
      wait = 2000;
      const time = answer.headers.get('X-Saved-At') ?? new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
      say((line?.dataset.saved ?? '{time}').replace('{time}', time), false);
    } catch {
      refused = true;
      say(line?.dataset.waiting ?? '', true);
      later(wait = Math.min(wait * 2, LONGEST_WAIT));
    }
  }

  const touch = () => { changed += 1; later(PAUSE); };
  form.addEventListener('input', touch);
  form.addEventListener('change', touch);
  form.addEventListener('submit', () => { clearTimeout(timer); kept = changed; });
  addEventListener('online', send);
  document.addEventListener('visibilitychange', () => { if (document.hidden) send(); });
  addEventListener('beforeunload', (event) => { if (refused && kept < changed) event.preventDefault(); });
  return { flush: send };
}
