const DAY_MS = 86_400_000;
const MOST_DAYS = 30;

/** A time as `<input type="datetime-local">` holds it: in the reader's zone. */
export function inputValue(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What is sent: UTC. Nothing for at once. */
export function startTime(input: string | undefined): string | undefined {
  const time = input === undefined ? undefined : new Date(input);
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** What is wrong with a time to start at. */
export function startProblem(input: string | undefined, now: Date): string | undefined {
  if (input === undefined) {
    return undefined;
  }
  const time = startTime(input);
  if (time === undefined) {
    return "Give a day and a time.";
  }
  const ahead = new Date(time).getTime() - now.getTime();
  if (ahead < 0) {
    return "This is past; give a time to come, or start at once.";
  }
  return ahead > MOST_DAYS * DAY_MS ? `Give a time within ${MOST_DAYS} days.` : undefined;
}
