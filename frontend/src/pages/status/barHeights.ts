import type { DayLevel } from "../../status/bars";

export const STRIP_HEIGHT = 28;

/** Trouble stands out by its height too, for whoever cannot tell the colours apart. */
export const BAR_HEIGHTS: Readonly<Record<DayLevel, number>> = { none: 6, pass: 18, warn: 23, fail: 28 };
