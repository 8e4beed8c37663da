import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { expect, expectNoWiderThan } from "../e2e/fixtures";

const FOLDER = join(import.meta.dirname, "../../docs/screenshots");
/** What lies over the top of the page, and some air. */
const HEADER_PX = 68;
const LOOKS = [
  { name: "light", colorScheme: "light", width: 1280, height: 860 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 860 },
  { name: "phone", colorScheme: "light", width: 360, height: 780 },
] as const;

/** Takes a page in every look, from its top or from that part of it. */
export async function take(page: Page, name: string, from?: Locator): Promise<void> {
  for (const { name: look, colorScheme, width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator(`[data-mantine-color-scheme="${colorScheme}"]`)).toBeAttached();
    // The stream of events never rests, so that the network never does.
    await expect(page.locator('[aria-busy="true"], .mantine-Skeleton-root')).toHaveCount(0);
    await expectNoWiderThan(page, width);
    await (from ?? page.locator("body")).evaluate((part, header) => {
      window.scrollBy(0, part.getBoundingClientRect().top - header);
    }, HEADER_PX);
    await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), animations: "disabled", caret: "hide" });
  }
}
