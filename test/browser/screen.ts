import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import type { CommunityJson, UnitStateJson } from "../../src/api/wire/community-json.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { launchBrowser, openControls, openPage } from "../support/browser.ts";
import { type LocalServer, type LocalServerOptions, startLocalServer } from "../support/local-server.ts";

/** A running emulator and a browser beside it. */
export interface Screen {
  readonly server: LocalServer;
  readonly browser: Browser;
  /** Opens a view in a browser context of its own. */
  open(view: string, options?: BrowserContextOptions): Promise<Page>;
  /** As `open`; what is written on the page's canvases is kept for `writtenOn`. */
  openRecorded(view: string, options?: BrowserContextOptions): Promise<Page>;
  /** As `open`, with a clock that `page.clock.fastForward` moves on. */
  openWithClock(view: string): Promise<Page>;
  /** Asks the Web API as a client that is no browser. */
  get<T>(path: string): Promise<T>;
  /** Commands over the Web API, likewise. */
  set(path: string): Promise<Response>;
  state(): Promise<CommunityJson>;
  unit(id: string): Promise<UnitStateJson>;
  /** All of a unit's JSON. */
  wire(id: string): Promise<UnitJson>;
  /** Errors of scripts and refusals of the content security policy in all pages so far. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** Starts the emulator with 4 units, its time standing still unless `options` say otherwise. */
export async function startScreen(options: LocalServerOptions = {}): Promise<Screen> {
  const [server, browser] = await Promise.all([
    startLocalServer({ units: 4, acceleration: 0, ...options }),
    launchBrowser(),
  ]);
  const problems: string[] = [];
  const get = async <T>(path: string) => (await (await fetch(`${server.url}${path}`)).json()) as T;
  const open = async (
    view: string,
    contextOptions?: BrowserContextOptions,
    prepare?: (page: Page) => Promise<void>,
  ) => {
    const url = `${server.url}/#/${view}`;
    const { page } = await openPage(browser, url, contextOptions, problems, prepare);
    await page.locator(".clock-time").filter({ hasText: ":" }).waitFor();
    return page;
  };
  return {
    server,
    browser,
    problems,
    get,
    set: (path) => fetch(`${server.url}${path}`, { method: "POST" }),
    state: () => get("/state"),
    unit: async (id) => {
      const { units } = await get<CommunityJson>("/state");
      return units.find((unit) => unit.id === id) as UnitStateJson;
    },
    wire: async (id) => (await get<Record<string, UnitJson>>("/get/log"))[id] as UnitJson,
    open: (view, contextOptions) => open(view, contextOptions),
    openRecorded: (view, contextOptions) => open(view, contextOptions, recordWriting),
    openWithClock: (view) => open(view, {}, (page) => page.clock.install()),
    async close() {
      await Promise.all([browser.close(), server.stop()]);
    },
  };
}

/** The card of a unit. */
export function card(page: Page, unit: string) {
  return page.locator(`article[data-unit="${unit}"]`);
}

/** An input of a card by the parameter that it sets. */
export function field(page: Page, unit: string, parameter: string) {
  return page.locator(`#${unit}-${parameter}`);
}

/** Ticks Auto Refresh or takes the tick away. */
export async function setRefresh(page: Page, isOn: boolean): Promise<void> {
  await openControls(page);
  await page.locator("#auto-refresh").setChecked(isOn);
}

/** What the last button said, once it says anything of `part`. */
export async function said(page: Page, part: RegExp | string): Promise<string> {
  const line = page.locator(".message").filter({ hasText: part });
  await line.waitFor();
  return (await line.textContent()) ?? "";
}

/** Waits until `read` gives what is expected. */
export async function eventually<T>(read: () => Promise<T>, expected: T, timeout = 3000): Promise<void> {
  await expect.poll(read, { timeout, interval: 50 }).toEqual(expected);
}

type Written = Map<HTMLCanvasElement, string[]>;

/** Keeps the texts that are drawn on canvases, of each its last drawing. */
async function recordWriting(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const written: Written = new Map();
    Object.assign(globalThis, { written });
    const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
    const { set } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width") as {
      set(this: HTMLCanvasElement, width: number): void;
    };
    Object.defineProperty(HTMLCanvasElement.prototype, "width", {
      ...Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width"),
      set(this: HTMLCanvasElement, width: number) {
        written.delete(this);
        set.call(this, width);
      },
    });
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      written.delete(this.canvas);
      clearRect.apply(this, area);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      written.set(this.canvas, [...(written.get(this.canvas) ?? []), text]);
      fillText.call(this, text, ...rest);
    };
  });
}

/** The texts on the canvases that `selector` finds, a list for each. */
export function writtenOn(page: Page, selector: string): Promise<string[][]> {
  return page.locator(selector).evaluateAll((all) => {
    const { written } = globalThis as unknown as { written: Written };
    return all.map((canvas) => written.get(canvas as HTMLCanvasElement) ?? []);
  });
}
