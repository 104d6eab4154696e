// [data-picked]: how many boxes of its form are ticked, kept true while one ticks.
export function countPicked() {
  for (const shown of document.querySelectorAll('[data-picked]')) {
    const form = shown.closest('form');
    form?.addEventListener('change', () => { shown.textContent = String(form.querySelectorAll('.pick input:checked').length); });
  }
}
