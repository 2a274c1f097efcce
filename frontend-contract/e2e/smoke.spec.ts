import { expect, test } from "./support/test.js";

test("the page shows a session by its name", async ({ page, site, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/`);
  await expect(page.getByRole("button", { name: "build host" })).toBeVisible();
});
