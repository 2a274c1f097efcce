// What axe-core finds wrong with the page as it is now.

import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

/** Waits for what moves or fades: it has the contrast and place of nothing the page means to show. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(
    document.getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
      .map((animation) => animation.finished.catch(() => undefined)),
  ));
}

/** Fails for every violation axe finds, with the elements. */
export async function expectAccessible(page: Page, state = page.url()): Promise<void> {
  // By evaluate, not as a script element: the policy of the page forbids that, rightly.
  await page.evaluate(`if (!window.axe) { ${axe.source}; }`);
  await settle(page);
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe;
    interface Violation {
      id: string;
      impact: string | null;
      help: string;
      nodes: { html: string; failureSummary?: string }[];
    }
    const { violations } = await run.run();
    return violations.map(({ id, impact, help, nodes }) => ({
      id, impact, help, nodes: nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`),
    }));
  });
  expect.soft(found, state).toEqual([]);
}

/** On a wide screen and on a phone. */
export const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

/** Goes through both sizes in both colour schemes, and back to a wide light screen. */
export async function inEveryLook(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
      await settle(page);
      await look(`${size}-${colorScheme}`);
    }
  }
  await page.setViewportSize(SIZES.wide);
  await page.emulateMedia({ colorScheme: "light" });
}

/** The same in light and in dark. */
export async function expectAccessibleInBoth(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    await expectAccessible(page);
  }
}
