/** Numbers, times and sizes for people. Times are stored in UTC and shown in the reader's zone. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const dayAndTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const precise = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** Large numbers whole with separators, small ones with four significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return value > 0 ? "infinite" : value < 0 ? "minus infinite" : "not a number";
  }
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e12)) {
    return value.toExponential(3);
  }
  return Math.abs(value) >= 1000 ? whole.format(value) : significant.format(value);
}

/** A p-value as papers print it. */
export function formatPValue(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

export function formatPercent(share: number): string {
  return `${significant.format(share * 100)} %`;
}

export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** As in "1 min 20 s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) {
    return "under 1 s";
  }
  const total = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  if (hours > 0) {
    return `${hours} h ${minutes} min`;
  }
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

export function formatTime(time: string): string {
  return dayAndTime.format(new Date(time));
}

export function formatTimePrecisely(time: string): string {
  return precise.format(new Date(time));
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** As in "5 minutes ago". */
export function formatAgo(time: string, now: number): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.round(seconds / size), unit);
    }
  }
  return seconds > 20 ? "in a moment" : "just now";
}
