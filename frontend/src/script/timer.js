// [data-deadline]: the minutes left. The server says how many seconds were left when it answered (data-seconds), so a wrong clock on this computer does no harm;
// the absolute end time stands beside it and needs no script.
// Spoken and shown to whoever has the time open, once for each of the last minutes; whoever hid it hears only of the last one.
const MINUTES = 10;

export function countDown(answers) {
  const shown = document.querySelector('[data-deadline]');
  if (!shown) return;
  let answered = performance.getEntriesByType('navigation')[0]?.responseStart ?? 0;
  const leftNow = shown.dataset.seconds
    ? () => Number(shown.dataset.seconds) - (performance.now() - answered) / 1000
    : () => (Date.parse(shown.dataset.deadline) - Date.now()) / 1000;
  // every save brings the seconds that are left: time may have been given back while this page was open
  document.addEventListener('klasteris:left', ({ detail }) => {
    shown.dataset.seconds = detail.seconds;
    answered = performance.now();
    const until = sentence.querySelector('[data-until]');
    if (until && detail.until) until.textContent = detail.until;
    if (!clock) clock = setInterval(tick, 1000);
  });
  const says = document.querySelector('[data-timer-says]');
  const sentence = shown.closest('[data-timer]') ?? shown;
  const words = (unit) => new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, unitDisplay: 'short' });
  const minutes = words('minute'), seconds = words('second');
  let told = Infinity;

  const tick = async () => {
    const left = Math.ceil(leftNow());
    const text = left >= 60 ? minutes.format(Math.ceil(left / 60)) : seconds.format(Math.max(left, 0));
    if (shown.textContent !== text) shown.textContent = text;
    const minute = Math.ceil(left / 60);
    if (left > 0 && minute <= MINUTES && minute < told) {
      told = minute;
      if (says && (minute === 1 || shown.closest('details')?.open !== false)) says.textContent = sentence.textContent;
    }
    if (left > 0) return;
    clearInterval(clock);
    clock = 0;
    // while answers cannot be sent there is nothing to go to either; the service adds the time that it was away
    const there = await fetch('/health').then(() => true, () => false);
    if (!there || !(await answers.flush())) setTimeout(() => { if (!clock) tick(); }, 5000);
    else if (Math.ceil(leftNow()) <= 0 && shown.dataset.over) location.assign(shown.dataset.over);
  };
  let clock = setInterval(tick, 1000);
  tick();
}
