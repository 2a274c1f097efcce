// What axe-core finds wrong with the page as it is now.

import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

/** Fails for every violation axe finds, with the elements. */
export async function expectAccessible(page: Page): Promise<void> {
  // By evaluate, not as a script element: the policy of the page forbids that, rightly.
  await page.evaluate(`${axe.source}; undefined`);
  // A fade that is not over has the contrast of nothing the page means to show.
  await page.evaluate(() => Promise.all(
    document.getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
      .map((animation) => animation.finished.catch(() => undefined)),
  ));
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
  expect(found).toEqual([]);
}

/** The same in light and in dark. */
export async function expectAccessibleInBoth(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    await expectAccessible(page);
  }
}
