import { formatBytes, formatCount, formatNumber, formatSeconds } from "../format";
import type {
  Day,
  EventKind,
  Figure,
  Incident,
  MaintenanceWindow,
  Part,
  PartState,
  StatusEvent,
  StatusNow,
  Uptime,
} from "./types";

type Color = "teal" | "yellow" | "red" | "gray";

interface StateWords {
  readonly label: string;
  readonly color: Color;
  /** What it means, in a sentence. */
  readonly means: string;
}

export const STATES: Readonly<Record<PartState, StateWords>> = {
  pass: { label: "Well", color: "teal", means: "It does its work." },
  warn: { label: "Needs a look", color: "yellow", means: "It works, and somebody should look before it does not." },
  fail: { label: "Down", color: "red", means: "It does not work." },
  unknown: { label: "Not looked at yet", color: "gray", means: "The first look at it has not ended." },
  not_configured: { label: "Not set up", color: "gray", means: "There is no such thing here." },
};

/** Whether it is down by itself: not because of something that it stands on. */
export function isRootCause({ state, suppressed_by: by }: Pick<Part, "state" | "suppressed_by">): boolean {
  return state === "fail" && !by;
}

/** What a part is called, wherever only its id is told. */
export type TitleOf = (id: string) => string;

export function titlesOf(parts: readonly Pick<Part, "id" | "title">[]): TitleOf {
  const titles = new Map(parts.map(({ id, title }) => [id, title]));
  return (id) => titles.get(id) ?? id;
}

/** How a part stands, as in "Down, because of Postgres". */
export function standingWords(part: Pick<Part, "state" | "suppressed_by">, titleOf: TitleOf): string {
  const { label } = STATES[part.state];
  return part.state === "fail" && part.suppressed_by ? `${label}, because of ${titleOf(part.suppressed_by)}` : label;
}

/** As in "Redis, Postgres and 2 more". */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.length > most + 1 ? names.slice(0, most) : names;
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}

function are(names: readonly string[]): string {
  return `${listed(names)} ${names.length === 1 ? "is" : "are"}`;
}

/** Older than this, a picture was not made by somebody who looks. */
const OLD_S = 60;

/** Whether nobody looks any more: what is shown is how things stood then. */
export function isOld({ age_s: age }: Pick<StatusNow, "age_s">): boolean {
  return age > OLD_S;
}

/** The whole in a line: what is wrong by itself, never what is wrong because of it. */
export function headline(now: Pick<StatusNow, "status" | "parts" | "age_s">): string {
  const { status, parts, age_s: age } = now;
  const named = (isMeant: (part: Part) => boolean) => parts.filter(isMeant).map(({ title }) => title);
  if (isOld(now)) {
    return `Nothing has been looked at for ${lasting(age)}`;
  }
  switch (status) {
    case "fail": {
      const down = named((part) => isRootCause(part) && part.importance === "critical");
      return `${are(down.length > 0 ? down : ["Something that the platform needs"])} down`;
    }
    case "warn": {
      const down = named(isRootCause);
      const ill = named(({ state }) => state === "warn");
      const wrong = [
        ...(down.length > 0 ? [`${are(down)} down`] : []),
        ...(ill.length > 0 ? [`${listed(ill)} ${ill.length === 1 ? "needs" : "need"} a look`] : []),
      ];
      const isNew = wrong.length === 0 && parts.some(({ state }) => state === "unknown");
      return isNew
        ? "Not everything has been looked at yet"
        : `The platform works${wrong.length > 0 ? `, but ${wrong.join(" and ")}` : ""}`;
    }
    case "pass":
      return "All is well";
  }
}

/** What follows from it for whoever uses the platform. */
export function consequence(now: Pick<StatusNow, "status" | "parts" | "age_s">): string {
  if (isOld(now)) {
    return "The health service answers but cannot look: what is below is how things stood then.";
  }
  if (now.status === "fail") {
    return "The platform cannot do all of its work now.";
  }
  const isNew = now.parts.some(({ state, importance }) => state === "unknown" && importance === "critical");
  return isNew ? "It takes some seconds." : "Analyses can be asked and are answered.";
}

/** Never rounded up to 100 %: that is for what never failed. */
export function uptimeWords(share: number | null | undefined): string {
  if (typeof share !== "number") {
    return "–";
  }
  const hundredths = Math.floor(share * 10_000 + 1e-6);
  return share >= 1 ? "100 %" : `${(hundredths / 100).toFixed(2)} %`;
}

export const PERIODS: readonly (readonly [keyof Uptime, string, string])[] = [
  ["h24", "24 h", "the last 24 hours"],
  ["d7", "7 d", "the last 7 days"],
  ["d30", "30 d", "the last 30 days"],
  ["d90", "90 d", "the last 90 days"],
];

/** How long something lasted or lasts, as in "3 min 20 s" and "2 days 4 h". */
export function lasting(seconds: number): string {
  const hours = Math.round(seconds / 3600);
  if (hours < 24) {
    return formatSeconds(seconds);
  }
  const days = Math.floor(hours / 24);
  return [`${days} ${days === 1 ? "day" : "days"}`, ...(hours % 24 > 0 ? [`${hours % 24} h`] : [])].join(" ");
}

export function secondsBetween(from: string, until: string | number): number {
  return Math.max((new Date(until).getTime() - new Date(from).getTime()) / 1000, 0);
}

/** How long an answer took. */
export function answerTime(ms: number): string {
  if (ms < 1) {
    return "under 1 ms";
  }
  if (ms < 1000) {
    return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  }
  return ms < 60_000 ? `${Number((ms / 1000).toFixed(2))} s` : formatSeconds(ms / 1000);
}

/** A figure with its unit. */
export function figureWords({ value, unit }: Figure): string {
  switch (unit) {
    case "count":
      return countWords(value);
    case "seconds":
      return lasting(value);
    case "milliseconds":
      return answerTime(value);
    case "bytes":
      return formatBytes(value);
    case "share":
      return `${Number((value * 100).toFixed(1))} %`;
  }
}

/** As many digits as in a schema's version are a name, not so many of something. */
const NAME_FROM = 1e12;

function countWords(value: number): string {
  if (!Number.isInteger(value)) {
    return formatNumber(value);
  }
  return value >= NAME_FROM ? value.toFixed(0) : formatCount(value);
}

/** How old the last look is. */
export function ageWords(seconds: number | null | undefined): string {
  if (typeof seconds !== "number") {
    return "not yet";
  }
  return seconds < 1 ? "a moment ago" : `${lasting(seconds)} ago`;
}

export const EVENTS: Readonly<Record<EventKind, { readonly label: string; readonly color: string }>> = {
  released: { label: "Release", color: "blue" },
  release_failed: { label: "Release failed", color: "orange" },
  rolled_back: { label: "Rollback", color: "orange" },
  pinned: { label: "Pinned", color: "yellow" },
  unpinned: { label: "Pin taken away", color: "gray" },
  certificate_renewed: { label: "Certificate renewed", color: "blue" },
  incident_began: { label: "Incident", color: "red" },
  incident_ended: { label: "Over", color: "teal" },
  maintenance_began: { label: "Maintenance", color: "yellow" },
  maintenance_ended: { label: "Maintenance over", color: "gray" },
};

/** What happened, with the part that is meant where the words do not name it: to strangers they tell the kind alone. */
export function eventWords({ words, part }: Pick<StatusEvent, "words" | "part">, titleOf: TitleOf): string {
  return part && !words.includes(titleOf(part)) ? `${titleOf(part)}: ${words}` : words;
}

/** How soon an incident was noticed, and how long it took. */
export function courseWords({
  detect_s: detect,
  resolve_s: resolve,
}: Pick<Incident, "detect_s" | "resolve_s">): string {
  const noticed = `noticed within ${lasting(Math.max(detect, 1))}`;
  return typeof resolve === "number" ? `${noticed}, over ${lasting(resolve)} later` : `${noticed}, not over yet`;
}

/** What is in a maintenance window. */
export function windowParts({ parts }: Pick<MaintenanceWindow, "parts">, titleOf: TitleOf): string {
  return parts.length === 0 ? "everything" : listed(parts.map(titleOf), 5);
}

export const CHANNELS: Readonly<Record<string, string>> = { slack: "Slack", mail: "Mail" };

export function channelName(channel: string): string {
  return CHANNELS[channel] ?? channel;
}

const utcDay = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });

/** A day of the history, which is counted in UTC. */
export function dayName(date: string): string {
  return utcDay.format(new Date(`${date}T00:00:00Z`));
}

/** What there is to say of a day. */
export function dayWords({ observed_s: observed, down_s: down, warn_s: warn, incidents }: Day): string {
  if (observed <= 0) {
    return "not observed";
  }
  const told = [
    ...(down > 0 ? [`down for ${lasting(down)}`] : []),
    ...(warn > 0 ? [`needed a look for ${lasting(warn)}`] : []),
    ...(incidents > 0 ? [`${incidents} ${incidents === 1 ? "incident" : "incidents"}`] : []),
  ];
  return told.length > 0 ? told.join(", ") : "well";
}
