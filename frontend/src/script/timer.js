// [data-deadline]: the minutes left. The server says how many seconds were left when it answered (data-seconds), so a wrong clock on this computer does no harm;
// the absolute end time stands beside it and needs no script.
const ANNOUNCED = [10, 5, 1];

export function countDown(answers) {
  const shown = document.querySelector('[data-deadline]');
  if (!shown) return;
  const answered = performance.getEntriesByType('navigation')[0]?.responseStart ?? 0;
  const leftNow = shown.dataset.seconds
    ? () => Number(shown.dataset.seconds) - (performance.now() - answered) / 1000
    : () => (Date.parse(shown.dataset.deadline) - Date.now()) / 1000;
  const says = document.querySelector('[data-timer-says]');
  const sentence = shown.closest('[data-timer]') ?? shown;
  const words = (unit) => new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, unitDisplay: 'short' });
  const minutes = words('minute'), seconds = words('second');
  let told = Infinity;

  const tick = async () => {
    const left = Math.ceil(leftNow());
    const text = left >= 60 ? minutes.format(Math.ceil(left / 60)) : seconds.format(Math.max(left, 0));
    if (shown.textContent !== text) shown.textContent = text;
    const due = ANNOUNCED.filter((m) => left <= m * 60 && m < told);
    if (due.length && left > 0) {
      told = Math.min(...due);
      if (says) says.textContent = sentence.textContent;
    }
    if (left > 0) return;
    clearInterval(clock);
    await answers.flush();
    if (shown.dataset.over) location.assign(shown.dataset.over);
  };
  const clock = setInterval(tick, 1000);
  tick();
}
