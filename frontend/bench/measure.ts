import { type Page, test } from "@playwright/test";

/** Notes a figure for the last line; the unit is in its name. */
export function figure(name: string, value: number): void {
  test.info().annotations.push({ type: "figure", description: `${name}=${Math.round(value * 1000) / 1000}` });
}

/** The longest stretch, in milliseconds, that the page could not answer to its user while `work` was done. */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { longTasks: seen });
    new PerformanceObserver((list) => {
      seen.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
  });
  await work();
  // Entries come after the task that they tell of.
  return page.evaluate(async () => {
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
    return Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks);
  });
}
