// textarea[data-words]: the number of words beside it, kept true while one writes. The value is the id of where it stands.
export function countWords() {
  for (const area of document.querySelectorAll('[data-words]')) {
    const shown = document.getElementById(area.dataset.words);
    const words = new Intl.NumberFormat(document.documentElement.lang);
    const count = () => { shown.textContent = words.format(area.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length); };
    area.addEventListener('input', count);
  }
}
