import { createWorld } from "../../input/config/create-world.ts";
import type { Config } from "../../input/config/entries.ts";
import type { Files } from "../../input/files.ts";
import { countDataHomes } from "../../input/homes/complete-home.ts";
import type { CompiledData } from "../../input/series/load-input.ts";
import { type OwnData, openOwnData, type ReadWeek } from "../../input/series/own-data.ts";
import type { WeekStore } from "../../input/series/week-store.ts";
import type { World } from "../../simulation/world.ts";
import type { Chapter } from "../storage/stored-shapes.ts";
import { Homes } from "./homes.ts";

type Interval = 30 | 60;
type OpenOwn = (id: string) => { readonly own: OwnData; readonly readWeek: ReadWeek } | null;

/**
 * The data of a community's chapters: those of the deployment, of those before them what is still among its files, and those
 * that the community keeps itself.
 * They are read when somebody first asks for what was made of them.
 */
export class DataSets {
  /** What the deployment has. */
  readonly present: Homes<CompiledData>;
  readonly #files: Files;
  readonly #openOwn: OpenOwn;
  readonly #store: WeekStore | null;
  readonly #interval: Interval;
  /** By hash and interval, as soon as somebody asks for them; null where they are gone. */
  readonly #others = new Map<string, Promise<Homes | null>>();
  /** Those of them whose homes are read: before that there is no world to be made of them. */
  readonly #read = new Map<string, Homes | null>();
  readonly #worlds = new WeakMap<Config, World>();

  private constructor(
    files: Files,
    openOwn: OpenOwn,
    store: WeekStore | null,
    interval: Interval,
    present: Homes<CompiledData>,
  ) {
    this.#files = files;
    this.#openOwn = openOwn;
    this.#store = store;
    this.#interval = interval;
    this.present = present;
  }

  /**
   * @param openOwn gives data that the community keeps itself
   * @param store where weeks of the others are put that are too many to be held
   */
  static async open(
    files: Files,
    config: Config,
    openOwn: OpenOwn,
    store: WeekStore | null = null,
  ): Promise<DataSets> {
    const interval = intervalOf(config);
    return new DataSets(files, openOwn, store, interval, await Homes.open(files, interval, store));
  }

  /** Reads the data of `chapters` that are kept, for so many units. */
  async loadFor(chapters: readonly Chapter[], unitCount: number): Promise<void> {
    for (const { config, inputHash } of chapters) {
      if (inputHash === null) continue;
      const interval = intervalOf(config);
      const homes = await this.#open(inputHash, interval);
      await homes?.loadFor(countDataHomes(config, unitCount, homes.input.homes));
      this.#read.set(keyOf(inputHash, interval), homes);
    }
  }

  /** The world that `config` makes of the data with this hash, the same each time; null where they are gone. */
  worldOf(config: Config, inputHash: string | null): World | null {
    const known = this.#worlds.get(config);
    if (known !== undefined) return known;
    const homes = inputHash === null ? null : this.#find(inputHash, intervalOf(config));
    if (homes === null || homes === undefined) return null;
    const world = createWorld(config, homes.input);
    this.#worlds.set(config, world);
    return world;
  }

  /** Whether a world of the data with this hash looks something up in the community's storage. */
  readsStorage({ inputHash, config }: Pick<Chapter, "inputHash" | "config">): boolean {
    return inputHash !== null && this.#find(inputHash, intervalOf(config))?.input.readsStorage === true;
  }

  /** Opens them once, whoever asks meanwhile. */
  #open(inputHash: string, interval: Interval): Promise<Homes | null> {
    if (this.#isPresent(inputHash, interval)) return Promise.resolve(this.present);
    const key = keyOf(inputHash, interval);
    const opened = this.#others.get(key) ?? this.#openOther(inputHash, interval);
    this.#others.set(key, opened);
    // What could not be read may be read later.
    opened.catch(() => this.#others.delete(key));
    return opened;
  }

  async #openOther(inputHash: string, interval: Interval): Promise<Homes | null> {
    const kept = this.#openOwn(inputHash);
    if (kept !== null) return new Homes(openOwnData(kept.own, kept.readWeek, interval));
    const isOfOtherInterval = inputHash === this.present.input.sourceHash;
    return isOfOtherInterval
      ? Homes.open(this.#files, interval, this.#store)
      : Homes.openEarlier(this.#files, interval, inputHash, this.#store);
  }

  #isPresent(inputHash: string, interval: Interval): boolean {
    return inputHash === this.present.input.sourceHash && interval === this.#interval;
  }

  /** Undefined where nobody has read them yet. */
  #find(inputHash: string, interval: Interval): Homes | null | undefined {
    if (this.#isPresent(inputHash, interval)) return this.present;
    const key = keyOf(inputHash, interval);
    const read = this.#read.get(key);
    if (read !== undefined && read !== null) return read;
    // What the community keeps itself is there at once.
    const kept = this.#openOwn(inputHash);
    if (kept === null) return read;
    const homes = new Homes(openOwnData(kept.own, kept.readWeek, interval));
    this.#read.set(key, homes);
    return homes;
  }
}

function intervalOf({ demandIntervalMinutes }: Config): Interval {
  return Number(demandIntervalMinutes) as Interval;
}

function keyOf(inputHash: string, interval: Interval): string {
  return `${inputHash} ${interval}`;
}
