import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, press } from "../support/browser.ts";
import { type HostedServer, startHostedServer } from "./hosted-server.ts";
import { startWatchedDoor, type WatchedDoor } from "./watched-door.ts";

/** Names that are not localhost: over plain HTTP a browser sends no `Sec-Fetch-*` to them. */
const ours = "emulator.test";
const theirs = "evil.example";

let hosted: HostedServer;
let door: WatchedDoor;
let browser: Browser;
let foreign: Server;
/** What the foreign page is at the moment. */
let foreignPage = "";

beforeAll(async () => {
  hosted = await startHostedServer(["--host", "0.0.0.0"]);
  door = await startWatchedDoor(hosted.server.port, (host, path) =>
    host === theirs && path === "/attack" ? "<!doctype html><title>Attack</title>" : null,
  );
  foreign = createServer((request, response) => {
    const [, status, location] = /^\/to\/(\d+)\?(.*)/.exec(request.url ?? "") ?? [];
    if (location !== undefined) response.writeHead(Number(status), { location }).end();
    else response.setHeader("content-type", "text/html").end(request.url === "/" ? foreignPage : "");
  });
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  browser = await launchBrowser([ours, theirs]);
});
afterAll(async () => {
  await browser?.close();
  door?.stop();
  foreign?.close();
  await hosted?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const ourUrl = (path: string) => `http://${ours}:${door.port}${path}`;
const openPage = async (options = {}): Promise<Page> =>
  (await browser.newContext({ locale: "en-GB", ...options })).newPage();
const readRate = async () => (await hosted.get("/get/acc")).text;

/** Markup that makes a browser ask for `url`. */
const markup: Readonly<Record<string, (url: string) => string>> = {
  image: (url) => `<img src="${url}">`,
  "image of a set": (url) => `<img srcset="${url} 1x">`,
  "button that is an image": (url) => `<input type="image" src="${url}">`,
  script: (url) => `<script src="${url}"></script>`,
  "module script": (url) => `<script type="module" src="${url}"></script>`,
  "style sheet": (url) => `<link rel="stylesheet" href="${url}">`,
  "style sheet in a style sheet": (url) => `<style>@import "${url}";</style>`,
  background: (url) => `<style>body{background:url("${url}")}</style>`,
  font: (url) => `<style>@font-face{font-family:x;src:url("${url}")}</style><p style="font-family:x">x</p>`,
  frame: (url) => `<iframe src="${url}"></iframe>`,
  "frame in a sandbox": (url) => `<iframe sandbox="allow-scripts allow-forms" src="${url}"></iframe>`,
  object: (url) => `<object data="${url}"></object>`,
  "embedded object": (url) => `<embed src="${url}">`,
  video: (url) => `<video src="${url}" preload="auto"></video>`,
  audio: (url) => `<audio src="${url}" preload="auto"></audio>`,
  "picture of a video": (url) => `<video poster="${url}"></video>`,
  prefetch: (url) => `<link rel="prefetch" href="${url}">`,
  preload: (url) => `<link rel="preload" as="image" href="${url}">`,
  "meta refresh": (url) => `<meta http-equiv="refresh" content="0;url=${url}">`,
};

/** Scripts that do so. */
const clicks = (attributes: string) =>
  `document.body.insertAdjacentHTML("beforeend", "<a ${attributes}>x</a>"); document.querySelector("a").click()`;
const submits = (attributes: string) =>
  `document.body.insertAdjacentHTML("beforeend", "<form ${attributes}></form>"); document.forms[0].submit()`;
const scripts: Readonly<Record<string, string>> = {
  "form, GET": submits(`action='" + url + "'`),
  "form, POST": submits(`method=post action='" + url + "'`),
  "form, POST as text": submits(`method=post enctype='text/plain' action='" + url + "'`),
  "form, POST in parts": submits(`method=post enctype='multipart/form-data' action='" + url + "'`),
  "fetch, GET": `fetch(url, { mode: "no-cors" })`,
  "fetch, GET as for a person": `fetch(url, { mode: "no-cors", headers: { accept: "text/html" } })`,
  "fetch, POST": `fetch(url, { mode: "no-cors", method: "POST", body: "x" })`,
  "fetch that outlives the page": `fetch(url, { mode: "no-cors", method: "POST", keepalive: true })`,
  "fetch, to be read": `fetch(url)`,
  XMLHttpRequest: `const r = new XMLHttpRequest(); r.open("POST", url); r.send("x")`,
  beacon: `navigator.sendBeacon(url, "x")`,
  "new window": `open(url)`,
  "new window that knows nobody": `open(url, "_blank", "noopener,noreferrer")`,
  "our page's window": `const w = open(new URL("/", url)); setTimeout(() => { w.location = url; }, 500)`,
  "another address": `location.href = url`,
  "another address in its place": `location.replace(url)`,
  link: clicks(`href='" + url + "'`),
  "link that names nobody": clicks(`rel=noreferrer href='" + url + "'`),
  "link to keep": clicks(`download href='" + url + "'`),
  "ping of a link": clicks(`href='#x' ping='" + url + "'`),
  "script of a worker": `new Worker(URL.createObjectURL(new Blob(["importScripts('" + url + "')"])))`,
  "stream of events": `new EventSource(url)`,
  "script that is imported": `import(url)`,
  "image in a page of data": `document.body.innerHTML = "<iframe src=\\"data:text/html,<img src='" + url + "'>\\">"`,
  "form in a page of its own": `document.body.innerHTML = "<iframe srcdoc=\\"<form action='" + url + "'></form><script>document.forms[0].submit()<\\/script>\\">"`,
  "redirect of a page": `location.href = "/to/302?" + url`,
  "redirect of an image": `new Image().src = "/to/302?" + url`,
  "redirect of a form": submits(`method=post action='/to/307?" + url + "'`),
};
const ways: [string, (url: string) => string][] = [
  ...Object.entries(markup),
  ...Object.entries(scripts).map(([name, script]): [string, (url: string) => string] => [
    name,
    (url) => `<body><script>const url = ${JSON.stringify(url)}; ${script}</script>`,
  ]),
];

let asked = 100;
describe.each(["unsafe-url", "no-referrer"])("a foreign page that sends its referrer by %s", (referrer) => {
  async function attack(write: (url: string) => string) {
    const path = `/set/acc/${++asked}`;
    foreignPage = `<!doctype html><meta name="referrer" content="${referrer}">${write(ourUrl(path))}`;
    const page = await openPage();
    await page.goto(`http://${theirs}:${(foreign.address() as AddressInfo).port}/`, { waitUntil: "commit" });
    const knocks = () => door.knocks.filter((knock) => knock.path.startsWith(path));
    await expect.poll(() => knocks().length, { timeout: 10_000 }).toBeGreaterThan(0);
    return knocks();
  }

  test.each(ways)("Y20: by %s it asks and changes nothing", async (_, write) => {
    const rate = await readRate();
    for (const { method, headers, status, type } of await attack(write)) {
      expect(headers["sec-fetch-site"]).toBeUndefined();
      const isSilent = headers.origin === undefined && headers.referer === undefined;
      const asksPerson = isSilent && method === "GET" && headers.accept?.includes("text/html");
      expect([status, type]).toEqual([403, asksPerson ? "text/html" : "application/json"]);
    }
    expect(await readRate()).toBe(rate);
  });

  test("Y5: it opens no WebSocket", async () => {
    const live = (url: string) => url.replace("http", "ws").replace(/\/set\/acc\/\d+/, "/live");
    const before = door.knocks.length;
    foreignPage = `<meta name="referrer" content="${referrer}"><script>new WebSocket("${live(ourUrl("/live"))}")</script>`;
    const page = await openPage();
    await page.goto(`http://${theirs}:${(foreign.address() as AddressInfo).port}/`);
    await expect.poll(() => door.knocks.length).toBe(before + 1);
    expect(door.knocks.at(-1)).toMatchObject({ path: "/live", status: 403 });
  });

  test("Y20: the page that asks whether a change was meant stands in no frame", async () => {
    await attack((url) => `<iframe src="${url}"></iframe><object data="${url}"></object>`);
    const frames = browser.contexts()[0]?.pages()[0]?.frames() ?? [];
    expect(frames.length).toBeGreaterThan(1);
    for (const frame of frames)
      expect(
        await frame
          .locator("button")
          .count()
          .catch(() => 0),
      ).toBe(0);
  });
});

test.each([
  ["en-GB", "Change the emulator?", "Change it"],
  ["ja-JP", "エミュレータを変更しますか？", "変更する"],
])(
  "Y20: in %s who writes a change as an address is asked, and the button makes it",
  async (locale, title, label) => {
    const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const path of ["/set/acc/7", "/e/default/set/acc/8"]) {
      const page = await openPage({
        locale,
        bypassCSP: true,
        colorScheme: path.startsWith("/e") ? "dark" : "light",
      });
      const rate = path.at(-1) as string;
      await page.goto(ourUrl(path));
      expect(await page.locator("h1").textContent()).toBe(title);
      expect(await page.locator("code").textContent()).toBe(path);
      await page.evaluate(axe);
      const found = await page.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id))");
      expect(found).toEqual([]);
      expect(await readRate()).not.toBe(rate);
      expect(await page.getByRole("button").count()).toBe(1);
      await page.getByRole("button", { name: label }).click();
      await expect.poll(() => page.locator("body").textContent()).toBe(rate);
      expect(await readRate()).toBe(rate);
    }
    await hosted.get("/set/acc/0");
  },
);

test("Y13: there, too, the screen works, and the log-in page, and the control plane", async () => {
  const key = await hosted.createCommunity("far");
  const page = await openPage();
  await page.goto(ourUrl("/e/far/"));
  await page.locator("#key").fill(key);
  await page.locator("button.main").click();
  await page.locator(".connection").filter({ hasText: "Live" }).waitFor();
  await press(page, "Add Unit");
  await page.getByRole("dialog").getByRole("button", { name: "Add Unit" }).click();
  await page.locator(".message").filter({ hasText: "Added" }).waitFor();
  await page.goto(ourUrl("/admin"));
  await page.locator("#key").fill("correct horse battery staple");
  await page.locator("button.main").click();
  await page.getByRole("heading", { name: "Communities" }).waitFor();
  await page.getByLabel("Name", { exact: true }).first().fill("made");
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator(".message").filter({ hasText: "Done: made" }).waitFor();
});

test("Y3: a page that points its own name at the server reads and changes nothing, however it names itself", async () => {
  const rate = await readRate();
  const page = await openPage();
  await page.goto(`http://${theirs}:${door.port}/attack`);
  const outcomes = await page.evaluate(async () => {
    const tries: [string, RequestInit][] = [
      ["/get/log", {}],
      ["/", {}],
      ["/set/acc/9", {}],
      ["/set/acc/9", { method: "POST" }],
      [
        "/set/acc/9",
        { headers: { "user-agent": "x", "accept-language": "*" }, referrerPolicy: "no-referrer" },
      ],
      ["/set/acc/9", { headers: { "user-agent": "", "accept-language": "" }, referrerPolicy: "no-referrer" }],
      ["/admin", {}],
    ];
    const statuses = await Promise.all(tries.map(async ([path, init]) => (await fetch(path, init)).status));
    const socket = new WebSocket(`ws://${location.host}/live`);
    const live = await new Promise((resolve) => {
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    });
    return { statuses: [...new Set(statuses)], live };
  });
  expect(outcomes).toEqual({ statuses: [404], live: "refused" });
  expect(await readRate()).toBe(rate);
});
