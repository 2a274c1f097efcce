// Requests that wait, to see what the page does meanwhile.

import type { Page, Route } from "@playwright/test";

/** Whether the path of an address is like this. */
export const is = (path: RegExp) => (url: URL) => path.test(url.pathname);

/** Lets requests wait until the answer is called. */
export async function hold(page: Page, url: (url: URL) => boolean, method = "GET"): Promise<() => Promise<void>> {
  const held: Route[] = [];
  const handler = (route: Route) => {
    if (route.request().method() === method) held.push(route);
    else void route.fallback();
  };
  await page.route(url, handler);
  return async () => {
    await page.unroute(url, handler);
    await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
  };
}
