// Reads the Retry-After header: seconds, or one of the three date forms of HTTP.

const SHORTEST = 1_000;
const LONGEST = 24 * 60 * 60 * 1_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH = MONTHS.join("|");
const TIME = "(?<h>\\d\\d):(?<min>\\d\\d):(?<s>\\d\\d)";

const DATES = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^[A-Z][a-z]{2}, (?<d>\\d\\d) (?<m>${MONTH}) (?<y>\\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^[A-Z][a-z]{5,8}, (?<d>\\d\\d)-(?<m>${MONTH})-(?<y>\\d\\d) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^[A-Z][a-z]{2} (?<m>${MONTH}) (?<d>[ \\d]\\d) ${TIME} (?<y>\\d{4})$`),
];

/**
 * How long to wait, in milliseconds from `now`: between one second and a day, whatever the other side asks for.
 * Nothing for a header that is missing or makes no sense.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === "") return undefined;
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : waitUntilDate(text, now);
  if (wait === undefined || Number.isNaN(wait)) return undefined;
  return Math.round(Math.min(Math.max(wait, SHORTEST), LONGEST));
}

function waitUntilDate(text: string, now: number): number | undefined {
  for (const form of DATES) {
    const parts = form.exec(text)?.groups;
    if (parts === undefined) continue;
    const { y = "", m = "", d, h, min, s } = parts;
    const [day, hour, minute, second] = [Number(d), Number(h), Number(min), Number(s)];
    // 31 Feb would roll over into March, 25:00 into the next day: such a date is nonsense.
    if (hour > 23 || minute > 59 || second > 59) return undefined;
    const date = new Date(Date.UTC(fullYear(y, now), MONTHS.indexOf(m), day, hour, minute, second));
    return date.getUTCDate() === day ? date.getTime() - now : undefined;
  }
  return undefined;
}

/** A year of two digits lies at most 50 years ahead (RFC 9110, 5.6.7). */
function fullYear(text: string, now: number): number {
  const year = Number(text);
  if (text.length === 4) return year;
  const thisYear = new Date(now).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + year;
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}
