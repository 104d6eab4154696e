// form[data-pieces]: its files are sent in pieces (tus 1.0.0) with a bar, and gone on with where the line broke; then the form itself goes, naming them.
// Whoever chooses the same file again after closing the page goes on, too. Without this file the form carries its files as ever.
const PIECE = 4 * 1024 * 1024;
const LONGEST_WAIT = 30000;
const AGAIN = new Set([0, 409, 423, 429, 500, 502, 503, 504]);

export function sendInPieces() {
  for (const form of document.querySelectorAll('form[data-pieces]')) {
    form.addEventListener('submit', (event) => {
      const field = form.querySelector('input[type=file]');
      if (form.dataset.whole || !field?.files.length) return;
      event.preventDefault();
      event.stopPropagation();
      if (!form.dataset.busy) send(form, field, event.submitter);
    });
    addEventListener('pageshow', (event) => { if (event.persisted) rest(form); });
    dropInto(form);
  }
}

async function send(form, field, button) {
  const panel = form.querySelector('[data-sending]');
  const bar = panel.querySelector('progress');
  const line = panel.querySelector('[role=status]');
  const files = [...field.files];
  const all = files.reduce((sum, file) => sum + file.size, 0) || 1;
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
  let before = 0, told = '';
  const say = (name, shown = '') => {
    const text = (panel.dataset[name] ?? name).replace('{percent}', shown);
    if (text !== told) line.textContent = told = text;
  };
  const show = (done) => {
    bar.value = (before + done) / all;
    // a reader who listens is told every ten per cent
    say('going', percent.format(Math.floor(bar.value * 10) / 10));
  };
  form.dataset.busy = 'yes';
  panel.hidden = false;
  button?.setAttribute('aria-busy', 'true');
  try {
    for (const file of files) {
      const key = await whole(form.dataset.pieces, file, show, () => say('waiting'));
      before += file.size;
      const named = document.createElement('input');
      Object.assign(named, { type: 'hidden', name: 'incoming', value: key });
      form.append(named);
    }
  } catch (refused) {
    for (const named of form.querySelectorAll('input[name=incoming]')) named.remove();
    say(refused.message || 'failed');
    rest(form, true);
    button?.removeAttribute('aria-busy');
    return;
  }
  say('whole');
  field.disabled = true;
  form.dataset.whole = 'yes';
  if (form.requestSubmit) form.requestSubmit(button ?? undefined);
  else form.submit();
}

function rest(form, shown = false) {
  delete form.dataset.busy;
  delete form.dataset.whole;
  for (const named of form.querySelectorAll('input[name=incoming]')) named.remove();
  form.querySelector('input[type=file]').disabled = false;
  form.querySelector('[data-sending]').hidden = !shown;
}

// One file, from where it had come to; answers its key. What is thrown is a sentence for the person, or the name of one.
async function whole(address, file, show, waits) {
  const mark = `klasteris-piece:${file.name}:${file.size}:${file.lastModified}`;
  let place = recall(mark), at = null, wait = 1000;
  for (;;) {
    let answer;
    if (!place) {
      const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
      answer = await ask('POST', address, { 'Upload-Length': String(file.size), 'Upload-Metadata': `filename ${name}` });
      if (answer.status === 201) {
        place = answer.head('Location');
        remember(mark, place);
        at = 0;
        wait = 1000;
      }
    } else if (at === null) {
      answer = await ask('HEAD', place);
      if (answer.status === 200) at = Number(answer.head('Upload-Offset'));
      if (answer.status === 404) place = remember(mark, null);
    } else if (at < file.size) {
      const piece = file.slice(at, at + PIECE), from = at;
      const heads = { 'Upload-Offset': String(at), 'Content-Type': 'application/offset+octet-stream' };
      answer = await ask('PATCH', place, heads, piece, (sent) => show(from + sent));
      if (answer.status === 204) {
        at += piece.size;
        wait = 1000;
      } else {
        at = null;
      }
    } else {
      return place.split('/').pop();
    }
    if (answer.status < 300 || answer.status === 404) {
      show(at ?? 0);
    } else if (AGAIN.has(answer.status) && !answer.text) {
      waits();
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    } else {
      throw new Error(answer.status === 401 ? 'signin' : answer.text);
    }
  }
}

function ask(method, address, heads = {}, body = null, sent = null) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries({ 'Tus-Resumable': '1.0.0', ...heads })) request.setRequestHeader(name, value);
    if (sent) request.upload.addEventListener('progress', (event) => sent(event.loaded));
    request.addEventListener('loadend', () => done({
      status: request.status,
      head: (name) => request.getResponseHeader(name),
      text: (request.getResponseHeader('Content-Type') ?? '').startsWith('text/plain') ? request.responseText : '',
    }));
    request.send(body);
  });
}

const pause = (ms) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  addEventListener('online', () => { clearTimeout(timer); done(); }, { once: true });
});

// A browser that keeps nothing sends from the beginning.
function recall(mark) {
  try { return localStorage.getItem(mark); } catch { return null; }
}
function remember(mark, place) {
  try {
    if (place) localStorage.setItem(mark, place);
    else localStorage.removeItem(mark);
  } catch { /* see above */ }
  return place;
}

// [data-drop] in the form: files may be let fall there instead of being chosen.
function dropInto(form) {
  const zone = form.querySelector('[data-drop]');
  const field = form.querySelector('input[type=file]');
  if (!zone || !field) return;
  const over = (is) => (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    zone.toggleAttribute('data-over', is);
  };
  zone.addEventListener('dragenter', over(true));
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    if (!event.dataTransfer?.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    field.focus();
  });
}
