// Dates as Slack writes them, in the browser's own time zone.

const DAY_MS = 86_400_000;

/** Fill a `<!date^…>` format; null when it names no known token. */
export function slackDate(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  let known = false;
  const text = format.replace(/\{(\w+)\}/g, (whole, token) => {
    const write = TOKENS[token];
    if (!write) return whole;
    known = true;
    return write(date);
  });
  return known ? text : null;
}

const TOKENS = {
  date_num: (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`,
  date: (d) => say(d, { month: "long", day: "numeric", year: "numeric" }),
  date_short: (d) => say(d, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (d) => say(d, { weekday: "long", month: "long", day: "numeric", year: "numeric" }),
  date_pretty: (d) => pretty(d) ?? TOKENS.date(d),
  date_short_pretty: (d) => pretty(d) ?? TOKENS.date_short(d),
  date_long_pretty: (d) => pretty(d) ?? TOKENS.date_long(d),
  time: (d) => say(d, { hour: "numeric", minute: "2-digit" }),
  time_secs: (d) => say(d, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

function two(number) {
  return String(number).padStart(2, "0");
}

function say(date, options) {
  return new Intl.DateTimeFormat("en-US", options).format(date);
}

function pretty(date) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[dayDistance(date)] ?? null;
}

function dayDistance(date) {
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((midnight(date) - midnight(new Date())) / DAY_MS);
}

function ago(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const [unit, size] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ].find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en-US", { numeric: "auto" }).format(
    Math.round(seconds / size),
    unit,
  );
}

/** "10:42 AM" of a message's ts. */
export function clock(ts) {
  return TOKENS.time(new Date(Number(ts) * 1000));
}

/** "Today", "Yesterday" or the date, for the line between days. */
export function dayName(ts) {
  const date = new Date(Number(ts) * 1000);
  const name = pretty(date) ?? TOKENS.date_long(date);
  return name[0].toUpperCase() + name.slice(1);
}

/** "24 Nov 2026, 10:42" of an ISO date, for the tenant's panel. */
export function stamp(iso) {
  const date = new Date(iso);
  if (!iso || Number.isNaN(date.getTime())) return "–";
  return `${say(date, { day: "numeric", month: "short", year: "numeric" })}, ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Seconds since 1970 of a `datetime-local` field, or null. */
export function fromLocal(text) {
  const time = new Date(text).getTime();
  return Number.isNaN(time) ? null : Math.floor(time / 1000);
}

/** The text of a `datetime-local` field for seconds since 1970. */
export function toLocal(seconds) {
  const d = new Date(seconds * 1000);
  return `${TOKENS.date_num(d)}T${two(d.getHours())}:${two(d.getMinutes())}`;
}
