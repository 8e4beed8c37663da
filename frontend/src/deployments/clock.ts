const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The time of day to the second, as in "14:03:07". */
export function clockTime(time: string): string {
  return clock.format(new Date(time));
}
