// form[data-write]: saves itself shortly after each change, over the revision that was seen and no other.
// Only what the server has committed is called saved; words that lost a race are kept by it as a copy, and the page says so.
const PAUSE = 900;
const LONGEST_WAIT = 30000;

export function keepDraft(form) {
  const line = document.querySelector('[data-saved-line]');
  const base = form.elements.base;
  let changed = 0, kept = 0, timer = 0, wait = 2000, sending = false, refused = false, lost = false;

  const say = (text, waiting) => {
    if (!line) return;
    line.toggleAttribute('data-is', waiting);
    if (waiting) line.dataset.is = 'waiting';
    line.querySelector('span').textContent = text;
  };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms); };

  async function send() {
    clearTimeout(timer);
    if (sending || kept === changed) return;
    sending = true;
    const mark = changed;
    try {
      const answer = await fetch(form.dataset.save, {
        method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'X-Requested-With': 'fetch' }, redirect: 'error', keepalive: document.hidden,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      kept = mark;
      refused = false;
      wait = 2000;
      if (said.copy) {
        // the old revision stays: what is typed from here on goes into the same copy
        if (!lost) form.dispatchEvent(new CustomEvent('lost', { bubbles: true, detail: said }));
        lost = true;
        say(line?.dataset.lost ?? '', true);
      } else {
        base.value = said.revision;
        say((line?.dataset.saved ?? '{time}').replace('{time}', said.at), false);
      }
    } catch {
      refused = true;
      say(line?.dataset.waiting ?? '', true);
      later(wait = Math.min(wait * 2, LONGEST_WAIT));
    } finally {
      sending = false;
      if (kept < changed && !refused) later(PAUSE);
    }
  }

  form.addEventListener('input', () => { changed += 1; later(PAUSE); });
  form.addEventListener('submit', () => { clearTimeout(timer); kept = changed; });
  addEventListener('online', send);
  document.addEventListener('visibilitychange', () => { if (document.hidden) send(); });
  addEventListener('beforeunload', (event) => { if (kept < changed) event.preventDefault(); });
}
