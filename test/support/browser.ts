import { access, mkdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import sparticuz, { inflate } from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const unpackTimeoutMs = 30_000;
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts the Chromium that `npm ci` brings, with the libraries that it brings too; each of `names` leads it to this
 * machine. `environment` is added to its own.
 */
export async function launchBrowser(
  names: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Browser> {
  const executablePath = await unpackBrowser();
  const folder = fileURLToPath(import.meta.resolve("@sparticuz/chromium"));
  const libraries = await unpackLibraries(join(dirname(folder), "../bin/al2023.tar.br"));
  const given = process.env.LD_LIBRARY_PATH;
  return chromium.launch({
    executablePath,
    args: [...flags, `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`],
    env: {
      ...process.env,
      ...environment,
      LD_LIBRARY_PATH: given === undefined ? libraries : `${given}:${libraries}`,
    },
  });
}

/**
 * A page that has opened `url`. Errors of its script and what the content security policy refuses are added to
 * `problems`. `prepare` is done before anything is loaded.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  problems: string[] = [],
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<{ page: Page; problems: string[] }> {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ locale: "en-GB", viewport, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security|violates/.test(message.text())) problems.push(message.text());
  });
  await prepare(page);
  await page.goto(url);
  return { page, problems };
}

/** Opens the panel of the specification's controls, with one click, unless it is open. */
export async function openControls(page: Page): Promise<void> {
  if (await page.locator(".controls").isVisible()) return;
  if (!(await page.locator(".folded").isVisible())) await page.locator(".menu").click();
  await page.locator('[popovertarget="emulation"]').click();
}

/** Presses one of the specification's controls. */
export async function press(page: Page, name: string): Promise<void> {
  await openControls(page);
  await page.locator(".controls").getByRole("button", { name }).click();
}

/** Several test files start at once: one of them unpacks, the others wait until it is done. */
async function unpackBrowser(): Promise<string> {
  const lock = join(tmpdir(), "apis-emulator-chromium.lock");
  for (let waited = 0; waited < unpackTimeoutMs; waited += 100) {
    const isMine = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (isMine) return sparticuz.executablePath().finally(() => rmdir(lock));
    await sleep(100);
  }
  await rmdir(lock);
  return sparticuz.executablePath();
}

/** Folder with libnss3 and libnspr4, for machines that have none. */
async function unpackLibraries(archive: string): Promise<string> {
  const folder = join(tmpdir(), "al2023", "lib");
  const isThere = await access(join(folder, "libnss3.so")).then(
    () => true,
    () => false,
  );
  if (!isThere) await inflate(archive);
  return folder;
}
