import { expect } from "vitest";
import type { CommandRow } from "../../src/community/records/command-log.ts";
import { formatDateTime } from "../../src/notation/simulated-time.ts";
import { individualPath, type Known, nothing, Oracle, type Outcome } from "./oracle.ts";
import { drawCommand, drawRead, forgets, goesBack } from "./routes-drawn.ts";
import { databaseUrl } from "./simulated-database.ts";
import { origin } from "./simulated-server.ts";
import { enterStage, Machine, type Program, stateFolder } from "./stage.ts";
import type { Place, World } from "./world.ts";

/**
 * A history of a local server with two communities: commands, kills, faults of storage, files, network and clock, backups and
 * restores, restarts with other parameters and data. After each step all that was told must hold.
 */

interface Community {
  readonly base: string;
  /** The name of its object, once it is there. */
  objectKey: string;
  readonly oracle: Oracle;
  /** Whether its past may have been replaced by that of a backup. */
  isRestored: boolean;
}

interface Moment {
  readonly states: readonly { timeS: number; acceleration: number; sleepTimeS: number }[];
  readonly nowMs: number;
}

interface Backup {
  readonly text: string;
  readonly known: Known;
}

const everywhere: readonly Place[] = ["statement", "commit", "file", "message"];

/** Tells which seed makes the same history again, and what happened last. */
class HistoryError extends Error {
  constructor(seed: number, world: World, cause: Error) {
    super(
      `Seed ${seed} (FAULT_SEED=${seed} npx vitest run test/faults -t Z1): ${cause.message}\n${world.trace.join("\n")}`,
      { cause },
    );
  }
}

/** What may happen in a step, the most frequent more than once. */
const usual = [
  "traffic",
  "traffic",
  "traffic",
  "troubledNeighbour",
  "backUp",
  "restore",
  "restart",
  "passTime",
  "turnClock",
] as const;
export type StepKind = (typeof usual)[number];

const steps = 14;

export async function runHistory(
  seed: number,
  program: Program,
  kinds: readonly StepKind[] = usual,
): Promise<{ traceHash: number }> {
  const history = new History(seed, program);
  const { world } = history.machine;
  const leave = enterStage(history.machine);
  try {
    await world.until(history.perform(kinds));
    return { traceHash: world.traceHash };
  } catch (error) {
    throw new HistoryError(seed, world, error as Error);
  } finally {
    leave();
  }
}

class History {
  readonly machine: Machine;
  readonly #world: World;
  readonly #communities: Community[];
  readonly #backups: Backup[] = [];
  #clients = 0;

  constructor(seed: number, program: Program) {
    this.machine = new Machine(seed, program, {
      units: 2,
      solarUnit: "W",
      logFile: "off",
      atEndOfData: "repeat",
    });
    this.#world = this.machine.world;
    const { choose, pick } = { choose: this.#world.choose, pick: <T>(list: T[]) => this.#world.pick(list) };
    Object.assign(this.machine.parameters, {
      acceleration: pick([0, 100, 3000]),
      individualIntervalMinutes: pick([240, 720]),
      units: 1 + choose(3),
      ...(this.#world.chance(40) && { saveIndividualToDB: true, dburl: databaseUrl }),
    });
    const create = (base: string, objectKey: string) => ({
      base,
      objectKey,
      isRestored: false,
      oracle: new Oracle(base || "/", (path) => this.#ask(base + path)),
    });
    this.#communities = [create("", "default"), create("/e/next", "")];
  }

  async perform(kinds: readonly StepKind[]): Promise<void> {
    await this.#recover();
    await this.#operate("/admin/api/communities", { method: "POST", body: JSON.stringify({ name: "next" }) });
    await this.#checkAll();
    const next = this.machine.server.communities.objects.find(({ name }) => name !== "default");
    (this.#communities[1] as Community).objectKey = next?.name ?? "";
    const perform: Record<StepKind, () => Promise<void>> = {
      traffic: () => this.#traffic(),
      troubledNeighbour: () => this.#troubledNeighbour(),
      backUp: () => this.#backUp(),
      restore: () => this.#restore(),
      restart: () => this.#restart(),
      passTime: () => this.#passTime(),
      turnClock: () => this.#turnClock(),
    };
    for (let step = 0; step < steps; step++) {
      await perform[this.#world.pick(kinds)]();
      await this.#recover();
      await this.#checkAll();
    }
    await this.#end();
  }

  /** Faults are over, and the server runs. */
  async #recover(): Promise<void> {
    this.#world.calm();
    this.#world.holdClock(false);
    for (let tries = 0; !this.machine.isRunning; tries++) {
      expect(tries, "starts without faults").toBeLessThan(3);
      if (this.machine.starter?.isAlive) await this.#world.sleep(1000);
      else await this.machine.start();
    }
  }

  async #checkAll(): Promise<void> {
    for (const { base, oracle } of this.#communities) {
      this.#world.note(`${base || "/"} is checked`);
      await oracle.check();
    }
  }

  /** A few clients ask and command, while something may fail or be killed. */
  async #traffic(): Promise<void> {
    if (this.#world.chance(70)) this.#armFault();
    const only = this.#world.chance(40) ? this.#world.pick(this.#communities) : null;
    const others = this.#communities.filter((each) => only !== null && each !== only);
    const before = others.map((community) => this.#dump(community));
    const clients = Array.from({ length: 1 + this.#world.choose(4) }, () => this.#client(only));
    await Promise.all(clients);
    await this.#world.sleep(this.#world.choose(3000));
    others.forEach((community, index) => {
      // What it has to do by itself it may do.
      if (this.machine.isRunning && before[index] !== null)
        expect(this.#dump(community), "what a neighbour's commands changed").toBe(before[index]);
    });
  }

  async #client(only: Community | null): Promise<void> {
    for (let count = 1 + this.#world.choose(5); count > 0; count--) {
      const community = only ?? this.#world.pick(this.#communities);
      const isCommand = this.#world.chance(70);
      await this.#send(community, isCommand ? drawCommand(this.#world) : drawRead(this.#world), isCommand);
      if (this.#world.chance(30)) await this.#world.sleep(this.#world.choose(2000));
    }
  }

  /** One community's storage fails again and again: the other serves as always. */
  async #troubledNeighbour(): Promise<void> {
    const [troubled, other] = this.#world.chance(50) ? this.#communities : this.#communities.toReversed();
    if (troubled === undefined || other === undefined) return;
    this.#world.note(`the storage of ${troubled.base || "/"} fails`);
    const places: Place[] = this.#world.pick([["statement"], ["commit"], ["statement", "commit"]]);
    this.#world.arm({
      places,
      of: troubled.objectKey,
      after: this.#world.choose(30),
      times: 200,
      strike: fullDisk,
    });
    const ofTroubled = [1, 2, 3].map(() => this.#client(troubled));
    const outcomes: Outcome[] = [];
    for (let count = 0; count < 4; count++)
      outcomes.push(await this.#send(other, drawCommand(this.#world), true));
    await Promise.all(ofTroubled);
    expect(outcomes, "of a neighbour").not.toContain("unknown");
  }

  #armFault(): void {
    const after = this.#world.choose(this.#world.pick([20, 200, 800]));
    const times = 1 + this.#world.choose(6);
    const arm = (places: readonly Place[], strike: () => void, often = times) =>
      this.#world.arm({ places, after, times: often, strike });
    const kill = (what: "starter" | "runtime" | "both" | "power") => () =>
      arm(everywhere, () => this.machine.kill(what), 1);
    this.#world.pick([
      kill("starter"),
      kill("runtime"),
      kill("both"),
      kill("power"),
      () => arm(["statement"], fullDisk),
      () => arm(["commit"], fullDisk),
      () => arm(["file"], fullDisk),
      () => arm(["message"], lostMessage),
      () => arm(["commit"], () => this.#world.pick(this.machine.server.communities.objects).evict(), 1),
    ])();
  }

  async #backUp(): Promise<void> {
    const community = this.#world.pick(this.#communities);
    const { known } = community.oracle;
    const writing = this.#world.chance(60) ? [this.#client(community), this.#client(community)] : [];
    const reading = this.#operate(`${controlOf(community)}/backup`).catch(() => null);
    const [text] = await Promise.all([reading, ...writing]);
    if (text === null) return;
    const commands = text
      .split("\n")
      .filter((line) => line.startsWith('["command"'))
      .map((line) => (JSON.parse(line) as [string, Record<string, unknown>])[1])
      .map(({ id, wall_ms, time_s, source, path, effect }) => ({
        id,
        wall_ms,
        time_s,
        source,
        get: path,
        effect,
      }));
    const isAnew = forgets(String(commands[0]?.get)) && commands[0]?.id !== known.commands[0]?.id;
    const told = isAnew ? nothing : known;
    this.#backups.push({ text, known: { ...told, commands: commands as unknown as CommandRow[] } });
  }

  async #restore(): Promise<void> {
    if (this.#backups.length === 0) return this.#backUp();
    const { text, known } = this.#world.pick(this.#backups);
    const community = this.#world.pick(this.#communities);
    const { oracle } = community;
    community.isRestored = true;
    const isCut = this.#world.chance(25);
    const body = isCut ? text.slice(0, this.#world.choose(text.length - 2)) : text;
    if (this.#world.chance(30)) this.#armFault();
    else if (this.#world.chance(40))
      this.#world.arm({ places: ["statement"], after: this.#world.choose(60), times: 1, strike: fullDisk });
    this.#world.note(`a backup${isCut ? " that was cut" : ""} is restored in ${community.base || "/"}`);
    const request = { method: "POST", body, headers: { "content-type": "application/x-ndjson" } };
    try {
      const response = await this.#operateRaw(`${controlOf(community)}/restore`, request);
      await response.text();
      if (isCut) expect(response.status, "a backup that was cut").toBeGreaterThanOrEqual(400);
      if (response.status === 200) oracle.candidates = [known];
      else if (response.status >= 500 && !isCut) oracle.candidates = [oracle.known, known];
    } catch {
      if (!isCut) oracle.candidates = [oracle.known, known];
    }
  }

  /** Another start, in order or after a kill, perhaps with other parameters and data. */
  async #restart(): Promise<void> {
    const what = this.#world.pick(["in order", "both", "power", "starter"] as const);
    const before = await this.#moment();
    if (what === "in order") await this.machine.stop();
    else this.machine.kill(what);
    if (this.#world.chance(50))
      this.#world.setClock(this.#world.pick([this.#farBackMs, -60_000, 5_000, 600_000]));
    await this.#world.sleep(this.#world.choose(5000));
    if (this.#world.chance(50)) {
      Object.assign(
        this.machine.parameters,
        this.#world.pick([
          { DCCstLoss: this.#world.choose(200) },
          { UPS_TRIGGER_BATT_OFF: this.#world.pick([20, 40]), UPS_TRIGGER_BATT_ON: 45 },
          { individualIntervalMinutes: this.#world.pick([240, 720]) },
          { doUpdates: this.#world.chance(50) },
          { sleeptime: this.#world.pick([0.5, 1, 3]) },
        ]),
      );
      if (this.#world.chance(30)) this.machine.data = this.#world.pick(["varied", "sunny"]);
    } else {
      if (this.#world.chance(30)) this.#armFault();
      await this.#recover();
      await this.#expectLittlePassed(before);
    }
  }

  async #passTime(): Promise<void> {
    await this.#world.sleep(this.#world.choose(40_000));
  }

  /** The machine's clock is set, or stands for a while. */
  async #turnClock(): Promise<void> {
    const before = await this.#moment();
    if (this.#world.chance(70))
      this.#world.setClock(this.#world.pick([this.#farBackMs, -3_000, 3_000, 600_000]));
    else this.#world.holdClock(true);
    await this.#world.sleep(this.#world.choose(8000));
    this.#world.holdClock(false);
    await this.#world.sleep(2000);
    await this.#expectLittlePassed(before);
  }

  /** What a database is to be told waits as long as the machine's clock was set back. */
  get #farBackMs(): number {
    return this.machine.parameters.saveIndividualToDB === true ? -120_000 : -7_200_000;
  }

  /** Where simulated time stands, how fast it goes, and when that is. */
  async #moment(): Promise<Moment> {
    const states = [];
    for (const { base } of this.#communities)
      states.push(
        JSON.parse(await this.#ask(`${base}/state`)) as {
          timeS: number;
          acceleration: number;
          sleepTimeS: number;
        },
      );
    return { states, nowMs: this.#world.nowMs };
  }

  /** No stop, kill or turn of the clock moves simulated time by more than 5 s of real time. */
  async #expectLittlePassed({ states, nowMs }: Moment): Promise<void> {
    const now = await this.#moment();
    // The bare host's may have been set anew by the start.
    const fastest = (acceleration: number, index: number) =>
      index === 0 ? Math.max(acceleration, this.machine.parameters.acceleration as number) : acceleration;
    states.forEach(({ timeS, acceleration, sleepTimeS }, index) => {
      const mostS = (fastest(acceleration, index) / sleepTimeS) * ((now.nowMs - nowMs) / 1000 + 5);
      expect((now.states[index]?.timeS ?? 0) - timeS, "simulated time that has passed").toBeLessThanOrEqual(
        mostS + 0.001,
      );
    });
  }

  /** Stopped in order, the record files are what was served last. */
  async #end(): Promise<void> {
    for (const { base } of this.#communities) await this.#hold(base);
    await this.#checkAll();
    for (const { oracle } of this.#communities) await oracle.checkReplay();
    if (this.machine.parameters.saveIndividualToDB === true) await this.#checkDatabase();
    const served = await this.#ask(individualPath);
    await this.machine.stop();
    expect(this.machine.files.peek(stateFolder + individualPath), "the file of readings").toBe(served);
  }

  /** After a while in which it takes what it is sent, a database has all once. A past that was replaced it has told already. */
  async #checkDatabase(): Promise<void> {
    await this.#world.sleep(700_000);
    for (const { base, objectKey, isRestored, oracle } of this.#communities) {
      if (isRestored) continue;
      const { runBeganMs } = JSON.parse(await this.#ask(`${base}/summary`)) as { runBeganMs: number };
      const { timeS } = JSON.parse(await this.#ask(`${base}/state`)) as { timeS: number };
      // While time stands nothing is due but what whole intervals, of half a day at most, have.
      const until = formatDateTime(
        new Date(oracle.known.startMs).toISOString().slice(0, 19),
        Math.floor(timeS / 43_200) * 43_200,
      ).slice(0, 16);
      const individual = await this.#ask(base + individualPath);
      this.machine.database.expectToHold(individual, objectKey, runBeganMs, until);
    }
  }

  /** Holds simulated time, whoever has claimed the clock. */
  async #hold(base: string): Promise<void> {
    const claim = /claimed by (\S+) until/.exec(
      await (await fetch(`${origin}${base}/time/hold`)).text(),
    )?.[1];
    await this.#ask(`${base}/time/hold${claim === undefined ? "" : `?claim=${claim}&claimSeconds=0`}`);
  }

  /** All that is stored of a community, or null if it is about to do something by itself. */
  #dump({ objectKey }: Community): string | null {
    const { storage } = this.machine.server.communities.object(objectKey);
    return storage.alarmMs === null ? storage.dump() : null;
  }

  async #send(community: Community, path: string, isCommand: boolean): Promise<Outcome> {
    const { base, oracle } = community;
    const name = `client-${++this.#clients}`;
    const sent = { path, outcome: "waiting" as Outcome };
    if (isCommand) oracle.sent.set(name, sent);
    const method = isCommand && this.#world.chance(50) ? "POST" : "GET";
    try {
      const response = await fetch(origin + base + path, { method, headers: { "user-agent": name } });
      await response.text();
      const { status } = response;
      sent.outcome = status === 200 ? "acknowledged" : status < 500 ? "refused" : "unknown";
    } catch {
      sent.outcome = "unknown";
    }
    if (goesBack(path) && sent.outcome !== "refused") community.isRestored = true;
    this.#world.note(`${name} ${base}${path}: ${sent.outcome}`);
    return sent.outcome;
  }

  /** What is answered while nothing fails; a server that is just beginning is waited for. */
  async #ask(path: string): Promise<string> {
    for (let tries = 0; ; tries++) {
      try {
        const response = await fetch(origin + path);
        const text = await response.text();
        expect(response.status, `${path}: ${text.slice(0, 300)}`).toBe(200);
        return text;
      } catch (error) {
        if (!(error instanceof TypeError) || tries > 20) throw error;
        await this.#world.sleep(200);
      }
    }
  }

  #operateRaw(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      "content-type": "application/json",
      ...init.headers,
      authorization: `Bearer ${this.machine.operatorKey}`,
    };
    return fetch(origin + path, { ...init, headers });
  }

  async #operate(path: string, init: RequestInit = {}): Promise<string> {
    const response = await this.#operateRaw(path, init);
    const text = await response.text();
    expect(response.ok, `${path}: ${text.slice(0, 300)}`).toBe(true);
    return text;
  }
}

function controlOf({ base }: Community): string {
  return `/admin/api/communities/${base === "" ? "default" : "next"}`;
}

function fullDisk(): never {
  throw Object.assign(new Error("database or disk is full: SQLITE_FULL"), { code: "ENOSPC" });
}

function lostMessage(): never {
  throw new TypeError("fetch failed: the connection was cut");
}
