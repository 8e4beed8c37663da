import { startTime } from "../ask/startTime";
import type { NewWindow } from "./types";

/** What the form that announces maintenance holds. */
export interface WindowForm {
  /** None means all. */
  readonly parts: string[];
  /** As the input gives it, in the reader's zone. */
  readonly from: string;
  readonly minutes: string;
  readonly reason: string;
}

export const MINUTES = [
  { value: "15", label: "15 minutes" },
  { value: "30", label: "30 minutes" },
  { value: "60", label: "1 hour" },
  { value: "120", label: "2 hours" },
  { value: "240", label: "4 hours" },
  { value: "480", label: "8 hours" },
  { value: "1440", label: "1 day" },
] as const;

/** What is wrong with it, by field. */
export function windowProblems({ from, reason }: WindowForm): { readonly from?: string; readonly reason?: string } {
  return {
    ...(startTime(from) === undefined ? { from: "Give a day and a time." } : {}),
    ...(reason.trim() === "" ? { reason: "Say what it is for." } : {}),
  };
}

/** What is sent; nothing while something is wrong with it. A beginning that has just passed is now. */
export function newWindow(form: WindowForm, now: Date): NewWindow | undefined {
  const from = startTime(form.from);
  if (from === undefined || Object.keys(windowProblems(form)).length > 0) {
    return undefined;
  }
  const begins = new Date(Math.max(new Date(from).getTime(), now.getTime()));
  const until = new Date(begins.getTime() + Number(form.minutes) * 60_000);
  return { parts: form.parts, from: begins.toISOString(), until: until.toISOString(), reason: form.reason.trim() };
}
