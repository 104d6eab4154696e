// The trainer's editor: every page works without this file; with it a page saves itself, shows how it looks, and has blocks at hand.
import { keepDraft } from './script/draft.js';
import { lookAsTyped } from './script/look.js';
import { setBlocks } from './script/blocks.js';

const form = document.querySelector('form[data-write]');
const area = form?.querySelector('textarea[name=text]');

// What stands where the text is written: the plain textarea, until the editor takes its place.
const plain = {
  get element() { return area; },
  get text() { return area.value; },
  get caret() { return area.selectionStart; },
  focus() { area.focus(); },
  replace(from, to, text, selectFrom = from + text.length, selectTo = selectFrom) {
    area.focus();
    area.setRangeText(text, from, to, 'end');
    area.setSelectionRange(selectFrom, selectTo);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  },
  selection() { return [area.selectionStart, area.selectionEnd]; },
  place() {
    const { left, bottom } = form.querySelector('.tools').getBoundingClientRect();
    return { left: left + 16, top: bottom };
  },
  goTo(line) {
    const from = area.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    const to = area.value.indexOf('\n', from);
    area.focus();
    area.setSelectionRange(from, to < 0 ? area.value.length : to);
  },
};

// On a phone the outline would stand before every page.
if (innerWidth < 768) document.querySelector('.outline-pane details')?.removeAttribute('open');

if (area && !area.readOnly) {
  const desk = { now: plain };
  keepDraft(form);
  lookAsTyped(form);
  setBlocks(form, desk);
  const leap = (line) => Number(line) > 0 && desk.now.goTo(Number(line));
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-line]');
    if (!link || new URL(link.href).searchParams.get('file') !== new URL(location.href).searchParams.get('file')) return;
    event.preventDefault();
    leap(link.dataset.line);
  });
  import(document.querySelector('script[data-editor]').dataset.editor)
    .then(({ openEditor }) => { desk.now = openEditor(area) ?? plain; })
    .catch(() => {}) // the textarea is there
    .finally(() => { document.documentElement.dataset.editor = desk.now === plain ? 'plain' : 'rich'; leap(area.dataset.line); });
}
