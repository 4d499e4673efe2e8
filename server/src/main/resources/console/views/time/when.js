// Times as the ruler says them: as short as tells them apart.

const DAY_MS = 86_400_000;
const SHORT_MS = 30_000;
const full = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const tenths = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1 });
const dayAndTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** A time to the second, in the browser's zone. */
export function when(time) {
  return full.format(time);
}

/** What stands below the ruler, from its one end to the other. */
export function tickWords(scale) {
  const times = [0, 0.25, 0.5, 0.75, 1].map((x) => scale.instant(x));
  const span = times.at(-1) - times[0];
  const format = span < SHORT_MS ? tenths : span < DAY_MS ? clock : span < 60 * DAY_MS ? dayAndTime : day;
  return times.map((time) => format.format(time));
}
