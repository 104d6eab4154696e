// form[data-once]: the second press of a button while the first is on its way does nothing.
export function guardDoubleSubmits() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !form.hasAttribute('data-once')) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    event.submitter?.setAttribute('aria-busy', 'true');
    // a download answers without leaving the page, so the guard lets go again
    setTimeout(() => release(form), 8000);
  });
  // coming back with the browser's button shows the page as it was left
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(release));
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
}
