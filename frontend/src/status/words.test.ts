import { describe, expect, it } from "vitest";

import { day, incident, part, platformParts, postgresDown, statusNow } from "./testing";
import {
  ageWords,
  answerTime,
  consequence,
  courseWords,
  dayName,
  dayWords,
  eventWords,
  figureWords,
  headline,
  isRootCause,
  lasting,
  listed,
  standingWords,
  titlesOf,
  uptimeWords,
  windowParts,
} from "./words";

const titleOf = titlesOf(platformParts());

describe("the whole in a line", () => {
  it("names what is wrong by itself and not what follows from it", () => {
    expect(headline(statusNow())).toBe("All is well");
    expect(headline(statusNow({ status: "fail", parts: postgresDown() }))).toBe("Postgres is down");
    const both = platformParts({ postgres: { state: "fail" }, redis: { state: "fail" } });
    expect(headline(statusNow({ status: "fail", parts: both }))).toBe("Postgres and Redis are down");
  });

  it("names what the platform works without only where nothing worse is wrong", () => {
    const mlflow = part("mlflow", { state: "fail", importance: "optional" });
    expect(headline(statusNow({ status: "warn", parts: [...platformParts(), mlflow] }))).toBe(
      "The platform works, but Mlflow is down",
    );
    expect(headline(statusNow({ status: "fail", parts: [...postgresDown(), mlflow] }))).toBe("Postgres is down");
    const ill = platformParts({ disk: { state: "warn" } });
    expect(headline(statusNow({ status: "warn", parts: [...ill, mlflow] }))).toBe(
      "The platform works, but Mlflow is down and Disk needs a look",
    );
  });

  it("does not claim that all is well before anything was looked at", () => {
    const parts = [part("a", { state: "unknown" }), part("b", { state: "not_configured" })];
    const now = statusNow({ status: "warn", parts });
    expect([headline(now), consequence(now)]).toEqual([
      "Not everything has been looked at yet",
      "It takes some seconds.",
    ]);
  });

  it("does not tell old states as if they were new", () => {
    const now = statusNow({ status: "fail", age_s: 125 });
    expect(headline(now)).toBe("Nothing has been looked at for 2 min 5 s");
    expect(consequence(now)).toContain("how things stood then");
    expect(consequence(statusNow())).toContain("are answered");
  });

  it("says something where the answer names no part", () => {
    expect(headline(statusNow({ status: "fail" }))).toBe("Something that the platform needs is down");
    expect(headline(statusNow({ status: "warn" }))).toBe("The platform works");
  });
});

describe("a part", () => {
  it("that is down because of another says so", () => {
    const [gateway, postgres] = ["gateway", "postgres"].map((id) => postgresDown().find((one) => one.id === id));
    expect(gateway && standingWords(gateway, titleOf)).toBe("Down, because of Postgres");
    expect(gateway && isRootCause(gateway)).toBe(false);
    expect(postgres && standingWords(postgres, titleOf)).toBe("Down");
    expect(postgres && isRootCause(postgres)).toBe(true);
  });

  it("that is not set up is never down", () => {
    const backup = part("backup", { state: "not_configured" });
    expect(standingWords(backup, titleOf)).toBe("Not set up");
    expect(isRootCause(backup)).toBe(false);
  });

  it("is called by its id where its title is not told", () => {
    expect(titleOf("elsewhere")).toBe("elsewhere");
  });
});

describe("numbers", () => {
  it("are never rounded up to always", () => {
    expect(uptimeWords(1)).toBe("100 %");
    expect(uptimeWords(0.999999)).toBe("99.99 %");
    expect(uptimeWords(0.9995)).toBe("99.95 %");
    expect(uptimeWords(0)).toBe("0.00 %");
    expect(uptimeWords(null)).toBe("–");
    expect(uptimeWords(undefined)).toBe("–");
  });

  it("have their units", () => {
    expect(figureWords({ name: "waiting jobs", value: 3, unit: "count" })).toBe("3");
    expect(figureWords({ name: "schema version", value: 20_261_126_060_000, unit: "count" })).toBe("20261126060000");
    expect(figureWords({ name: "oldest", value: 90, unit: "seconds" })).toBe("1 min 30 s");
    expect(figureWords({ name: "latency", value: 2.31, unit: "milliseconds" })).toBe("2.3 ms");
    expect(figureWords({ name: "free", value: 3 * 1024 ** 3, unit: "bytes" })).toBe("3.0 GiB");
    expect(figureWords({ name: "used", value: 0.6149, unit: "share" })).toBe("61.5 %");
  });

  it("of time are in words", () => {
    expect(lasting(134)).toBe("2 min 14 s");
    expect(lasting(23.2 * 3600)).toBe("23 h 12 min");
    expect(lasting(86_400)).toBe("1 day");
    expect(lasting(3 * 86_400 + 5 * 3600)).toBe("3 days 5 h");
    expect([0.2, 3.21, 120.4, 1250, 90_000].map(answerTime)).toEqual([
      "under 1 ms",
      "3.2 ms",
      "120 ms",
      "1.25 s",
      "1 min 30 s",
    ]);
    expect([undefined, 0.3, 4].map(ageWords)).toEqual(["not yet", "a moment ago", "4 s ago"]);
  });
});

describe("incidents and maintenance", () => {
  it("tell how soon they were noticed and how long they took", () => {
    expect(courseWords(incident(1))).toBe("noticed within 9 s, over 4 min 57 s later");
    expect(courseWords(incident(1, { detect_s: 0.2, resolve_s: null }))).toBe("noticed within 1 s, not over yet");
  });

  it("name the part that an event is about, once", () => {
    expect(eventWords({ words: "Something went wrong", part: "redis" }, titleOf)).toBe("Redis: Something went wrong");
    expect(eventWords({ words: "Redis is down", part: "redis" }, titleOf)).toBe("Redis is down");
    expect(eventWords({ words: "A release went live" }, titleOf)).toBe("A release went live");
  });

  it("name parts, and all of them where none is named", () => {
    expect(windowParts({ parts: [] }, titleOf)).toBe("everything");
    expect(windowParts({ parts: ["gateway", "nginx"] }, titleOf)).toBe("Gateway and Nginx");
    expect(listed(["a", "b", "c", "d"])).toBe("a, b, c and d");
    expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
    expect(listed([])).toBe("");
  });
});

describe("a day", () => {
  it("says what happened, in UTC", () => {
    expect(dayName("2026-11-03")).toBe("3 Nov 2026");
    expect(dayWords(day("2026-11-03"))).toBe("well");
    expect(dayWords(day("2026-11-03", { observed_s: 0, up_share: null }))).toBe("not observed");
    expect(dayWords(day("2026-11-03", { down_s: 720, warn_s: 60, incidents: 2 }))).toBe(
      "down for 12 min 0 s, needed a look for 1 min 0 s, 2 incidents",
    );
  });
});
