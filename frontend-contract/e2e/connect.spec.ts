import { expect, test, type Page } from "./support/test.js";
import { expectAccessibleInBoth } from "./support/axe.js";
import { dialog, fillIn, open, password, send } from "./support/connect.js";
import { shot } from "./support/shots.js";
import type { Account } from "./support/processes.js";

/** Opens the dialog on a fresh page and fills in where to connect. */
async function begin(page: Page, site: string, account: Account): Promise<void> {
  await page.goto(`${site}/`);
  await fillIn(page, account);
}

/** The dialog is gone, and the session is the one shown. */
async function expectConnected(page: Page, name: string): Promise<void> {
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("article", { name })).toContainText("Connected");
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page).toHaveURL(/#\/sessions\/[0-9a-f-]{36}\/files/);
}

test("SSH by password, with the keyboard alone", async ({ page, site, servers }) => {
  await page.goto(`${site}/`);
  await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();
  // The first stop of the Tab key leads past the header.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  const button = page.getByRole("navigation").getByRole("button", { name: "New connection" });
  for (let i = 0; i < 5 && !(await button.evaluate((e) => e === document.activeElement)); i += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("textbox", { name: "Host" })).toBeFocused();
  await page.keyboard.type("127.0.0.1");
  await page.keyboard.press("Tab");
  await page.keyboard.type(String(servers.ssh.port));
  await page.keyboard.press("Tab");
  await page.keyboard.type(servers.ssh.user);
  await password(page).focus();
  await page.keyboard.type(servers.ssh.password);
  await page.keyboard.press("Enter");
  await expectConnected(page, `${servers.ssh.user}@127.0.0.1`);
});

test("SSH by a key file on the server", async ({ page, site, servers }) => {
  await begin(page, site, servers.ssh);
  await dialog(page).getByText("Key file on the server").click();
  const path = dialog(page).getByRole("textbox", { name: "Path of the private key" });
  await path.fill("id_ed25519");
  await expect(dialog(page)).toContainText("An absolute path, or one that starts with ~/");
  await path.fill(servers.ssh.key);
  await dialog(page).getByRole("textbox", { name: "Name of the session" }).fill("by key file");
  await send(page);
  await expectConnected(page, "by key file");
});

test("SSH by a pasted key, which wants its passphrase", async ({ page, site, servers }) => {
  await begin(page, site, servers.ssh);
  await dialog(page).getByText("Pasted key").click();
  const key = dialog(page).getByRole("textbox", { name: "Private key" });
  await key.fill("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI ann@laptop");
  await expect(dialog(page)).toContainText("That is the public key");
  await key.fill(servers.ssh.lockedKeyText);
  await expect(dialog(page)).toContainText("This key is encrypted.");
  await send(page);
  await expect(dialog(page)).toContainText("its passphrase is needed");
  const passphrase = dialog(page).getByRole("textbox", { name: "Passphrase of the key" });
  await passphrase.fill("wrong");
  await send(page);
  await expect(dialog(page)).toContainText("The passphrase does not open this key");
  await passphrase.fill(servers.ssh.passphrase);
  await send(page);
  await expectConnected(page, `${servers.ssh.user}@127.0.0.1`);
});

test("a key read from a file of the person's machine", async ({ page, site, servers }) => {
  await begin(page, site, servers.ssh);
  await dialog(page).getByText("Pasted key").click();
  await dialog(page).locator("input[type=file]").setInputFiles({
    name: "id", mimeType: "text/plain", buffer: Buffer.from(servers.ssh.keyText),
  });
  await expect(dialog(page).getByRole("textbox", { name: "Private key" })).toHaveValue(/OPENSSH/);
  await send(page);
  await expectConnected(page, `${servers.ssh.user}@127.0.0.1`);
});

test("FTP without encryption, which is said", async ({ page, site, servers }) => {
  await begin(page, site, servers.ftp);
  await dialog(page).getByText("FTP / FTPS").click();
  await expect(dialog(page)).toContainText("readable by everyone on the way");
  await password(page).fill(servers.ftp.password);
  await send(page);
  await expectConnected(page, `${servers.ftp.user}@127.0.0.1`);
  await expect(page.getByRole("tab")).toHaveText(["Files"]);
});

test("FTPS that was asked for without encryption, then explicit", async ({ page, site, servers }) => {
  await begin(page, site, servers.ftpsExplicit);
  await dialog(page).getByText("FTP / FTPS").click();
  await password(page).fill(servers.ftpsExplicit.password);
  await send(page);
  await expect(dialog(page)).toContainText("This server insists on encryption");
  await dialog(page).getByText("Explicit TLS", { exact: true }).click();
  await send(page);
  await expectConnected(page, `${servers.ftpsExplicit.user}@127.0.0.1`);
});

test("FTPS with TLS from the first byte, and more options", async ({ page, site, servers }) => {
  await begin(page, site, servers.ftpsImplicit);
  await dialog(page).getByText("FTP / FTPS").click();
  await dialog(page).getByText("Implicit TLS", { exact: true }).click();
  await password(page).fill(servers.ftpsImplicit.password);
  await dialog(page).getByRole("button", { name: "More options" }).click();
  await dialog(page).getByRole("textbox", { name: "Control connections" }).fill("65");
  await expect(dialog(page)).toContainText("A whole number from 1 to 64");
  await dialog(page).getByRole("textbox", { name: "Control connections" }).fill("2");
  await dialog(page).getByRole("textbox", { name: "Character set" }).fill("klingon");
  await send(page);
  await expect(dialog(page)).toContainText("charset must be a character set");
  await dialog(page).getByRole("textbox", { name: "Character set" }).fill("utf-8");
  await dialog(page).getByRole("textbox", { name: "Seconds to connect" }).fill("20");
  await send(page);
  await expectConnected(page, `${servers.ftpsImplicit.user}@127.0.0.1`);
});

test("fields are checked as they are typed, and an address is taken apart", async ({ page, site }) => {
  await page.goto(`${site}/`);
  await open(page);
  const host = dialog(page).getByRole("textbox", { name: "Host" });
  await host.fill("a host");
  await expect(dialog(page)).toContainText("A host has no spaces or slashes");
  await dialog(page).getByRole("textbox", { name: "Port" }).fill("70000");
  await expect(dialog(page)).toContainText("A number from 1 to 65535");
  await host.fill("sftp://ann@files.example.org:2222");
  await expect(host).toHaveValue("files.example.org");
  await expect(dialog(page).getByRole("textbox", { name: "Port" })).toHaveValue("2222");
  await expect(dialog(page).getByRole("textbox", { name: "User name" })).toHaveValue("ann");
  // What is missing is said when it is sent, and the first such field has the focus.
  await send(page);
  await expect(dialog(page)).toContainText("The password is missing");
  await expect(password(page)).toBeFocused();
  await shot(page, "connect");
});

test("a wrong password is said in the dialog, with what to do", async ({ page, site, servers }) => {
  await begin(page, site, servers.ssh);
  await password(page).fill("wrong");
  await send(page);
  await expect(dialog(page)).toContainText("Check the user name and the password or key");
  await expect(dialog(page)).toContainText("Authentication failed - check username/password/key");
  await expect(password(page)).toHaveAttribute("aria-invalid", "true");
  await expect(password(page)).toBeFocused();
  await expectAccessibleInBoth(page);
  await shot(page, "connect-refused");
  // The keyboard is where it is corrected.
  await page.keyboard.press("Control+a");
  await page.keyboard.type(servers.ssh.password);
  await page.keyboard.press("Enter");
  await expectConnected(page, `${servers.ssh.user}@127.0.0.1`);
});

test("nobody listens, and a name nobody knows", async ({ page, site, servers }) => {
  await begin(page, site, { ...servers.ssh, port: 1 });
  await password(page).fill("x");
  await send(page);
  await expect(dialog(page)).toContainText("nothing listens on this port");
  await dialog(page).getByRole("textbox", { name: "Host" }).fill("no-such-host.invalid");
  await send(page);
  await expect(dialog(page)).toContainText("This name is not known");
});

test("a server that is not the one it was is refused with a warning", async ({ page, site, servers, openSession }) => {
  await openSession({ kind: "ssh" });
  await servers.ask("change-host-key");
  await begin(page, site, servers.ssh);
  await password(page).fill(servers.ssh.password);
  await send(page);
  await expect(dialog(page)).toContainText("This is not the server that was here before");
  await expect(dialog(page)).toContainText("SHA256:");
});

test("an attempt can be given up", async ({ page, site, servers }) => {
  await servers.ask("pause");
  try {
    await begin(page, site, servers.ssh);
    await password(page).fill(servers.ssh.password);
    await send(page);
    await expect(dialog(page).getByRole("status")).toContainText("Connecting to 127.0.0.1");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await expect(dialog(page).getByRole("button", { name: "Connect", exact: true })).toBeEnabled();
    await expect(dialog(page).getByRole("status")).toBeHidden();
  } finally {
    await servers.ask("resume");
  }
});
