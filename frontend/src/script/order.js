// ol[data-order]: its things move where their buttons say without leaving the page, by the arrow keys on those buttons, and by dragging.
// What is sent is the order of the hidden fields, so the list itself is the answer; without this file each press is a form of its own.
export function moveThings() {
  for (const list of document.querySelectorAll('[data-order]')) {
    list.addEventListener('click', (event) => press(list, event));
    list.addEventListener('keydown', (event) => arrow(list, event));
    list.addEventListener('pointerdown', (event) => drag(list, event));
  }
}

function press(list, event) {
  const button = event.target.closest('button[name=move]');
  if (!button || button.closest('[data-order]') !== list) return;
  event.preventDefault();
  step(list, button.closest('li'), button.value.startsWith('up-') ? -1 : 1, button);
}

function arrow(list, event) {
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const button = event.target.closest('button[name=move]');
  if (!way || !button || button.closest('[data-order]') !== list) return;
  event.preventDefault();
  step(list, button.closest('li'), way, button);
}

function step(list, thing, way, button) {
  const other = way < 0 ? thing.previousElementSibling : thing.nextElementSibling;
  if (!other) return;
  if (way < 0) other.before(thing);
  else other.after(thing);
  settle(list, thing);
  // a button that has just been switched off would lose the focus
  (button.disabled ? thing.querySelector('button:not(:disabled)') : button)?.focus();
}

function settle(list, moved) {
  const things = [...list.children];
  for (const [n, thing] of things.entries()) {
    const [up, down] = thing.querySelectorAll('button[name=move]');
    up.disabled = n === 0;
    down.disabled = n === things.length - 1;
  }
  for (const thing of things) thing.toggleAttribute('data-moved', thing === moved);
  const says = list.parentElement.querySelector('[role=status]');
  const values = { name: moved.dataset.name, n: things.indexOf(moved) + 1, all: things.length };
  if (says) says.textContent = list.dataset.said.replace(/\{(name|n|all)\}/g, (_, key) => values[key]);
  list.dispatchEvent(new Event('change', { bubbles: true }));
}

function drag(list, event) {
  const thing = event.target.closest('li');
  if (!thing || event.button !== 0 || event.target.closest('button, a, input, summary, textarea')) return;
  if (thing.closest('[data-order]') !== list) return; // a list inside this one moves its own things
  // a finger on the words scrolls the page; the number in front is the handle
  if (event.pointerType !== 'mouse' && !event.target.closest('.grip')) return;
  event.preventDefault();
  const before = [...list.children].indexOf(thing);
  thing.dataset.is = 'moving';
  thing.setPointerCapture(event.pointerId);
  const move = ({ clientY }) => {
    const { previousElementSibling: above, nextElementSibling: below } = thing;
    if (above && clientY < middle(above)) above.before(thing);
    else if (below && clientY > middle(below)) below.after(thing);
  };
  const drop = () => {
    delete thing.dataset.is;
    thing.removeEventListener('pointermove', move);
    if ([...list.children].indexOf(thing) !== before) settle(list, thing);
  };
  thing.addEventListener('pointermove', move);
  thing.addEventListener('lostpointercapture', drop, { once: true });
}

function middle(thing) {
  const { top, height } = thing.getBoundingClientRect();
  return top + height / 2;
}
