import AxeBuilder from "@axe-core/playwright";
import { type Page, test as base, expect } from "@playwright/test";

import { type Person, newPerson, platformUrl } from "./api";
import { FaultProxy } from "./fault-proxy";

interface Fixtures {
  /** Somebody new, for this test alone. */
  readonly ann: Person;
  /** Somebody else. */
  readonly bob: Person;
  /** The cable to the platform: open the app at `cable.url` to be able to pull it. */
  readonly cable: FaultProxy;
  /** Closes what a test opened besides its own page: their pages would go on asking the platform beside the tests that follow. */
  readonly closing: undefined;
}

/* eslint-disable no-empty-pattern -- Playwright reads the names of fixtures from this pattern. */
export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => {
    await use(platformUrl());
  },
  ann: async ({}, use) => {
    await use(await newPerson("ann"));
  },
  bob: async ({}, use) => {
    await use(await newPerson("bob"));
  },
  cable: async ({}, use) => {
    const cable = await FaultProxy.before(platformUrl());
    await use(cable);
    await cable.close();
  },
  closing: [
    async ({ browser }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) {
        await context.close();
      }
    },
    { auto: true },
  ],
});
/* eslint-enable no-empty-pattern */

/** Signs in by the page itself and goes on to `path`. */
export async function signIn(page: Page, person: Person, path = "/"): Promise<void> {
  await page.goto(`/sign-in?back=${encodeURIComponent(path)}`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password" }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** No rule of WCAG 2.2 A and AA that axe can check is broken, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator(`[data-mantine-color-scheme="${colorScheme}"]`)).toBeAttached();
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    const told = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join("\n  ")}`,
    );
    expect(told, `${page.url()} in ${colorScheme}`).toEqual([]);
  }
}

/** Nothing sticks out to the right, once all is laid out for that width. */
export async function expectNoWiderThan(page: Page, width: number): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: page.url() })
    .toBeLessThanOrEqual(width);
}

export { expect };
