// CodeMirror over the plain textarea, in a shadow root: there its styles are adopted sheets, which the content policy lets be.
// The textarea stays the form's field and always says what the editor says. Tab moves on, as everywhere else.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, Language, defineLanguageFacet, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { GFM, parser } from '@lezer/markdown';

const markdown = new Language(defineLanguageFacet(), parser.configure([GFM]), [], 'markdown');

const theme = EditorView.theme({
  '&': { color: 'var(--kl-ink)', backgroundColor: 'var(--kl-paper)', border: '1px solid var(--kl-line-strong)', borderRadius: '.375rem', fontSize: '.9375rem' },
  '&.cm-focused': { outline: '3px solid var(--kl-go)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--kl-mono)', lineHeight: '1.6', minBlockSize: '26rem', maxBlockSize: '75vh', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--kl-ink)', padding: '.75rem 0' },
  '.cm-cursor': { borderLeftColor: 'var(--kl-ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--kl-sunk)', color: 'var(--kl-quiet)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--kl-wash) 60%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--kl-going-fill) 35%, transparent)' },
});

const colours = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: [tags.link, tags.url], color: 'var(--kl-going)' },
  { tag: tags.quote, color: 'var(--kl-quiet)' },
  { tag: tags.monospace, color: 'var(--kl-overdue)' },
  { tag: tags.comment, color: 'var(--kl-soon)' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.list], color: 'var(--kl-link)' },
]);

export function openEditor(area) {
  const host = document.createElement('div');
  host.className = 'rich';
  area.after(host);
  const root = host.attachShadow({ mode: 'open' });
  const label = area.labels[0];
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), EditorView.lineWrapping,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        markdown, syntaxHighlighting(colours), theme,
        EditorView.contentAttributes.of({ 'aria-label': label?.textContent ?? '', lang: area.lang, tabindex: '0', spellcheck: 'true', autocapitalize: 'sentences' }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          area.dispatchEvent(new Event('input', { bubbles: true }));
        }),
      ],
    }),
  });
  area.hidden = true;
  label?.addEventListener('click', () => view.focus());
  return {
    element: host,
    get text() { return view.state.doc.toString(); },
    get caret() { return view.state.selection.main.head; },
    focus() { view.focus(); },
    selection() { const { from, to } = view.state.selection.main; return [from, to]; },
    replace(from, to, text, selectFrom = from + text.length, selectTo = selectFrom) {
      view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: selectFrom, head: selectTo }, scrollIntoView: true });
      view.focus();
    },
    place() {
      const { left, bottom } = view.coordsAtPos(view.state.selection.main.head) ?? host.getBoundingClientRect();
      return { left, top: bottom };
    },
    goTo(line) {
      const { from, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
      view.focus();
    },
  };
}
