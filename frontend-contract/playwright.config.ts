// The journeys: Debian's Chromium against the real server with real SSH and FTP servers.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  // Each worker has servers of its own; a journey never depends on another.
  workers: 2,
  forbidOnly: Boolean(process.env["CI"]),
  // Only where nobody is there to look; it is reported as flaky then.
  retries: process.env["CI"] ? 1 : 0,
  // Both only keep a journey from hanging: a machine may be busy with two of them and a build.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    headless: true,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    // A trace of every journey costs a third of the run: `CM_TRACE=1` when one fails.
    trace: process.env["CM_TRACE"] ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CM_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Pages of another host than the server's, for the browser.
        "--host-resolver-rules=MAP *.test 127.0.0.1",
      ],
    },
  },
});
