/** How long a link may work. */
export const EXPIRIES = [
  { days: 1, label: "1 day" },
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
] as const;

export const DEFAULT_DAYS = 7;

export function seconds(days: number): number {
  return days * 24 * 60 * 60;
}
