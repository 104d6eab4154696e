// The toolbar sets a block in where the caret is; "/" on an empty line opens the same blocks as a menu.
export function setBlocks(form, desk) {
  const tools = [...form.querySelectorAll('.tools button[name=insert]')];
  if (!tools.length) return;
  for (const tool of tools) {
    tool.addEventListener('click', (event) => { event.preventDefault(); set(tool.dataset.text); });
  }

  // A block begins on a line of its own; what stands between ‹ and › is selected, to be written over.
  function set(text, from = desk.now.selection()[0], to = desk.now.selection()[1]) {
    const before = desk.now.text.slice(0, from);
    const own = text.includes('\n');
    const lead = own && before && !before.endsWith('\n\n') ? (before.endsWith('\n') ? '\n' : '\n\n') : '';
    const start = text.indexOf('‹'), end = text.indexOf('›');
    const plain = text.replace('‹', '').replace('›', '');
    const at = from + lead.length;
    desk.now.replace(from, to, lead + plain, start < 0 ? at + plain.length : at + start, start < 0 ? at + plain.length : at + end - 1);
  }

  const menu = document.createElement('div');
  menu.className = 'slash';
  menu.role = 'menu';
  menu.hidden = true;
  menu.ariaLabel = form.dataset.slash;
  const items = tools.map((tool) => {
    const item = document.createElement('button');
    item.type = 'button';
    item.role = 'menuitem';
    item.tabIndex = -1;
    item.append(tool.querySelector('svg').cloneNode(true), tool.title);
    item.addEventListener('click', () => { const at = desk.now.caret; close(); set(tool.dataset.text, at - 1, at); });
    return item;
  });
  menu.append(...items);
  document.body.append(menu);

  form.addEventListener('input', () => {
    const { text, caret } = desk.now;
    const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
    if (line === '/' && (text[caret] ?? '\n') === '\n') open();
    else menu.hidden = true;
  });
  function open() {
    menu.hidden = false;
    const { left, top } = desk.now.place();
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8)) + scrollX}px`;
    menu.style.top = `${Math.min(top, innerHeight - menu.offsetHeight - 8) + scrollY}px`;
    items[0].focus();
  }
  function close() { menu.hidden = true; desk.now.focus(); }

  menu.addEventListener('keydown', (event) => {
    const here = items.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (event.key.length === 1 && event.key !== ' ') {
      const wanted = event.key.toLocaleLowerCase();
      const order = [...items.slice(here + 1), ...items.slice(0, here + 1)];
      order.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(wanted))?.focus();
      return;
    } else return;
    event.preventDefault();
  });
  menu.addEventListener('focusout', (event) => { if (!menu.contains(event.relatedTarget)) menu.hidden = true; });
}
