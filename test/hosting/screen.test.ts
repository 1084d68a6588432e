import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limitNames } from "../../src/input/config/limits.ts";
import { adminTexts } from "../../src/ui/admin/admin-texts.ts";
import { launchBrowser, openControls, openPage, press } from "../support/browser.ts";
import { adminSecret, bearer, type HostedServer, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
let browser: Browser;
let foreign: Server;
let key: string;
let axe: string;
const problems: string[] = [];

beforeAll(async () => {
  [hosted, browser] = await Promise.all([startHostedServer(), launchBrowser()]);
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  key = await hosted.createCommunity("mine");
  foreign = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>Foreign</title>");
  });
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await Promise.all([browser?.close(), hosted?.stop()]);
  foreign?.close();
});

const url = () => `http://localhost:${hosted.server.port}`;
const open = async (address: string, options = {}) =>
  (await openPage(browser, address, options, problems)).page;
const waitForScreen = (page: Page) => page.locator(".clock-time").filter({ hasText: ":" }).waitFor();

async function logIn(page: Page, secret: string): Promise<void> {
  await page.locator("#key").fill(secret);
  await page.locator("button.main").click();
}

/** Opens a section of a community's panel by its row's menu. */
async function choose(page: Page, community: string, action: string): Promise<void> {
  await page.locator(`[data-row="${community}"] .menu summary`).click();
  await page.locator(`[data-row="${community}"] .menu-items`).getByRole("button", { name: action }).click();
}

async function findProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe;
    return (await run.run()).violations.map(({ id }) => id);
  });
}

for (const address of ["/e/mine/", "host"]) {
  test(`Y13: the screen of a closed community works after logging in, by ${address}`, async () => {
    const base = address === "host" ? `http://mine.localhost:${hosted.server.port}/` : `${url()}${address}`;
    const page = await open(base);
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    await logIn(page, "wrong");
    await page.getByRole("alert").waitFor();
    await logIn(page, key);
    await waitForScreen(page);
    await expect.poll(() => page.locator(".connection").textContent()).toBe("Live");
    await press(page, "Add Unit");
    await page.getByRole("dialog").getByRole("button", { name: "Add Unit" }).click();
    await page.locator(".message").filter({ hasText: "Added" }).waitFor();
    await page.goto(`${base}#/charts`);
    await page.getByText("No time has passed yet").first().waitFor();
    await page.goto(`${base}#/help`);
    expect(await page.locator(".help a").first().getAttribute("href")).toBe(`${base}get/log`);
    expect(urls.filter((each) => !each.startsWith(base))).toEqual([]);
    await page.getByRole("link", { name: "log in or out" }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.locator("#key").waitFor();
    await page.goto(base);
    await page.locator("#key").waitFor();
    await page.context().close();
  });
}

test("U32: who may only look is offered no button that changes something, and who logs in is", async () => {
  const key = await hosted.createCommunity("shown", "read-open");
  const page = await open(`${url()}/e/shown/#/units`);
  await waitForScreen(page);
  const buttons = () => page.locator("button:visible").allTextContents();
  await openControls(page);
  await expect.poll(buttons).toContain("Read All");
  for (const name of ["Set All", "Save All", "Load Last", "Reset", "Add Unit", "Remove Unit", "Set"])
    expect(await buttons()).not.toContain(name);
  expect(await page.locator("#acceleration").isVisible()).toBe(false);
  expect(await page.locator("#E001-rsoc").isDisabled()).toBe(true);
  await page.locator(".banner").filter({ hasText: "changing needs a key" }).waitFor();
  await page.getByRole("link", { name: "Log in" }).click();
  await logIn(page, key);
  await page.goto(`${url()}/e/shown/#/units`);
  await waitForScreen(page);
  await openControls(page);
  await expect.poll(buttons).toContain("Set All");
  expect(await page.locator("#E001-rsoc").isDisabled()).toBe(false);
  expect(await page.locator(".banner").filter({ hasText: "changing needs a key" }).isVisible()).toBe(false);
  const keys = await hosted.administer<{ communities: { name: string }[] }>("GET", "");
  expect(keys.communities.map(({ name }) => name)).toContain("shown");
  await hosted.administer("DELETE", "/shown/keys/first");
  await page.getByRole("button", { name: "Save All" }).click();
  await expect.poll(buttons).not.toContain("Save All");
  await page.context().close();
});

test("U33: a new key stays in its community's panel, with Copy, until it is put away", async () => {
  for (const name of ["left", "right"]) await hosted.createCommunity(name);
  const page = await open(`${url()}/admin`, { permissions: ["clipboard-read", "clipboard-write"] });
  await logIn(page, adminSecret);
  const panel = page.locator("#community-left");
  await choose(page, "left", "Limits");
  await choose(page, "left", "Keys");
  await panel.getByLabel("Name of the key").fill("ｔａｂｌｅｔ");
  await panel.getByLabel("Homes it may have").fill("77");
  await panel.getByRole("button", { name: "New key" }).click();
  const given = (await panel.locator(".new-key").textContent()) ?? "";
  expect((await hosted.get("/e/left/get/acc", { headers: bearer(given) })).status).toBe(200);
  expect(await panel.locator("li").filter({ hasText: "tablet" }).textContent()).toMatch(
    /since \d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d/,
  );
  expect(await panel.locator(".said").textContent()).toBe("Done: left.");
  expect(await panel.getByLabel("Homes it may have").inputValue()).toBe("77");
  await panel.getByRole("button", { name: "Copy" }).click();
  await panel.getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(given);
  const other = page.locator("#community-right");
  await choose(page, "right", "Limits");
  await other.locator("form").filter({ hasText: "Limits" }).getByRole("button").click();
  await other.locator(".said").filter({ hasText: "Done: right" }).waitFor();
  expect(await panel.locator(".new-key").textContent()).toBe(given);
  expect(await other.locator(".new-key").count()).toBe(0);
  await panel.getByLabel("Name of the key").fill("tablet");
  await panel.getByRole("button", { name: "New key" }).click();
  await panel.locator(".said").filter({ hasText: "There is a key of that name already" }).waitFor();
  await panel.getByLabel("Homes it may have").fill("1,000");
  await panel.locator("form").filter({ hasText: "Limits" }).getByRole("button").click();
  await panel.locator(".said").filter({ hasText: "does “1,000” mean 1.000 or 1000?" }).waitFor();
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByRole("heading", { name: "コミュニティ", exact: true }).waitFor();
  expect(await panel.locator(".new-key").textContent()).toBe(given);
  await panel.getByRole("button", { name: "しまう" }).click();
  expect(await panel.locator(".new-key").count()).toBe(0);
  await page.context().close();
});

test("Y5: a page of another origin changes nothing and hears nothing in a real browser", async () => {
  await hosted.get("/set/acc/0");
  const page = await open(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
  const target = url();
  const outcome = await page.evaluate(async (target) => {
    const outcomeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => "done",
        () => "failed",
      );
    const image = new Image();
    const loaded = new Promise((resolve) => {
      image.onload = image.onerror = resolve;
    });
    image.src = `${target}/set/acc/9`;
    await loaded;
    await fetch(`${target}/set/acc/9`, { mode: "no-cors" }).catch(() => {});
    await fetch(`${target}/set/acc/9`, { method: "POST", mode: "no-cors" }).catch(() => {});
    const socket = new WebSocket(`${target.replace("http", "ws")}/live`);
    const opened = new Promise((resolve) => {
      socket.onopen = () => resolve("opened");
      socket.onerror = () => resolve("refused");
    });
    return { read: await outcomeOf(fetch(`${target}/get/log`)), socket: await opened };
  }, target);
  expect(outcome).toEqual({ read: "failed", socket: "refused" });
  await page.setContent(`<form method="post" action="${target}/set/acc/9"><button>go</button></form>`);
  await page.getByRole("button").click();
  await page.waitForLoadState();
  await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
  await page.setContent(`<a href="${target}/set/acc/9">go</a>`);
  await page.getByRole("link").click();
  await page.waitForLoadState();
  await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
  await page.setContent(`<iframe src="${target}/"></iframe>`);
  await page.waitForTimeout(300);
  expect(await page.frames()[1]?.locator("#app").count()).toBe(0);
  expect((await hosted.get("/get/acc")).text).toBe("0");
  await page.context().close();
});

test("Y13: the administrator creates a community, gives a key and deletes it, with nothing serious to find", async () => {
  const page = await open(`${url()}/admin`, { bypassCSP: true });
  expect(await findProblems(page)).toEqual([]);
  await logIn(page, adminSecret);
  await page.getByRole("heading", { name: "Communities" }).waitFor();
  await page.getByLabel("Name", { exact: true }).first().fill("x");
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator(".message").filter({ hasText: "Done: x" }).waitFor();
  const panel = page.locator("#community-x");
  for (const section of ["Access", "Limits", "Keys"]) await choose(page, "x", section);
  await panel.getByLabel("Name of the key").fill("laptop");
  await panel.getByRole("button", { name: "New key" }).click();
  const given = (await panel.locator(".new-key").textContent()) ?? "";
  expect((await hosted.get("/e/x/get/acc", { headers: bearer(given) })).status).toBe(200);
  await panel.getByLabel("Homes it may have").fill("１");
  await panel.locator("form").filter({ hasText: "Limits" }).getByRole("button").click();
  await expect.poll(() => panel.getByLabel("Homes it may have").getAttribute("value")).toBe("1");
  expect(await hosted.administer("GET", "/x")).toMatchObject({ limits: { units: 1 } });
  await panel.getByLabel("Addresses that need no key").fill("10.0.0.0/99");
  await panel.locator("form").filter({ hasText: "Access" }).getByRole("button").click();
  await panel
    .locator(".said")
    .filter({ hasText: "Addresses that need no key, one a line: that is not" })
    .waitFor();
  expect(await findProblems(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await findProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByRole("heading", { name: "コミュニティ", exact: true }).waitFor();
  expect(await findProblems(page)).toEqual([]);
  await page.locator("#community-x").getByRole("button", { name: "しまう" }).click();
  await choose(page, "x", "削除");
  await page.getByRole("dialog").getByRole("button", { name: "削除" }).click();
  await expect.poll(() => page.locator("#community-x").count()).toBe(0);
  await page.context().close();
});

test("Y44: a class is made from a list, held and started alike, looked at in one table, and joined by an invitation", async () => {
  const page = await open(`${url()}/admin`, { bypassCSP: true });
  await logIn(page, adminSecret);
  await page.locator(".class summary").click();
  const form = page.locator(".class form");
  await form.getByLabel("Names, one a line, or CSV").fill("name;units\nAnna Müller;5\nben;\nben;7\n");
  await form.getByLabel("Homes it may have").fill("6");
  await form.getByLabel("Key for each").fill("teacher");
  await form.getByRole("button", { name: "Create all" }).click();
  await page.locator(".message").filter({ hasText: "Made 3 communities." }).waitFor();
  const made = page.locator("table.made tbody tr");
  expect(await made.locator("th").allTextContents()).toEqual(["anna-muller", "ben", "ben-2"]);
  expect(await made.locator("img.qr").count()).toBe(3);
  expect(await page.locator('[data-row="anna-muller"]').textContent()).toContain("up to 5 homes");
  expect(await page.locator('[data-row="ben"]').textContent()).toContain("up to 6 homes");
  const link = (await made.nth(1).locator("code").nth(1).textContent()) ?? "";
  for (const name of ["anna-muller", "ben", "ben-2"])
    await page.getByRole("checkbox", { name: `Choose ${name}`, exact: true }).check();
  await page.getByLabel("Homes of each").fill("5");
  await page.getByRole("button", { name: "Start anew, held" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start anew, held" }).click();
  await page.locator(".message").filter({ hasText: "Done by all." }).waitFor();
  for (const name of ["anna-muller", "ben", "ben-2"])
    await page
      .locator(`[data-row="${name}"]`)
      .filter({ hasText: /52020\/01\/01-00:00:00held/ })
      .waitFor();
  expect(await findProblems(page)).toEqual([]);
  const pupil = await open(link.replace("127.0.0.1", "localhost"));
  await pupil.getByRole("button", { name: "Join" }).click();
  const given = (await pupil.locator(".new-key").textContent()) ?? "";
  await pupil.getByRole("link", { name: "Open the emulator" }).click();
  await waitForScreen(pupil);
  expect((await hosted.get("/e/ben/get/acc", { headers: bearer(given) })).status).toBe(200);
  await page.getByRole("button", { name: "Look again" }).click();
  await page.locator('[data-row="ben"]').filter({ hasText: "now (1 open)" }).waitFor();
  await choose(page, "ben", "Invitations");
  await page.locator("#community-ben").getByLabel("It gives a key called").fill("guest");
  await page.locator("#community-ben").getByRole("button", { name: "Invite" }).click();
  await page.locator("#community-ben img.qr").waitFor();
  expect(await findProblems(page)).toEqual([]);
  await pupil.context().close();
  await page.context().close();
});

test("Y13: the texts of the control plane are there in both languages, and nothing broke on any page", () => {
  expect(Object.keys(adminTexts.ja).sort()).toEqual(Object.keys(adminTexts.en).sort());
  for (const name of limitNames)
    expect(Object.keys(adminTexts.en)).toEqual(expect.arrayContaining([`limit.${name}`, `words.${name}`]));
  expect(problems.filter((problem) => !problem.includes("frame-ancestors"))).toEqual([]);
});
