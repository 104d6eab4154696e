// form[data-arrange]: a list that was put in another order (see order.js) is sent at once; the page that comes back has the new addresses.
export function sendOrders() {
  document.addEventListener('change', (event) => {
    const list = event.target;
    if (!(list instanceof HTMLOListElement)) return;
    const form = list.querySelector(':scope > li input[name=order]')?.form;
    if (!form?.hasAttribute('data-arrange')) return;
    event.stopPropagation();
    const moved = document.createElement('input');
    Object.assign(moved, { type: 'hidden', name: 'moved', value: list.querySelector(':scope > li[data-moved] input[name=order]')?.value ?? '' });
    form.append(moved);
    form.requestSubmit();
  });
}
