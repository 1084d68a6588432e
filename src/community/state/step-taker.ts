import { refusePlans, refuseSteps, rollOut } from "../../laboratory/step-request.ts";
import { Stepper } from "../../laboratory/stepper.ts";
import { type InParts, writeJsonInParts } from "../../notation/in-parts.ts";
import { type Answer, answerWith } from "../../notation/refusal.ts";
import { copyCommunity } from "../../simulation/community.ts";
import { describeMove } from "../records/step-moves.ts";
import type { LoggedCommand, StoredChange } from "../storage/storage.ts";
import type { Chapter } from "../storage/stored-shapes.ts";
import { describeEffect } from "./describe-effect.ts";
import type { Present } from "./present.ts";
import type { Claiming, Command, CommandOrigin, Query } from "./request.ts";
import { pathOfMove, takeSteps } from "./take-steps.ts";

/** Takes the steps of requests, each on where the last one came to, and rolls plans out on copies. */
export class StepTaker {
  readonly #present: Present;
  readonly #keep: (change: StoredChange) => void;
  /** What steps were taken by, as long as no other command came. */
  #stepper: Stepper | null = null;
  /** The chapter of its world. */
  #chapter: Chapter | undefined;

  constructor(present: Present, keep: (change: StoredChange) => void) {
    this.#present = present;
    this.#keep = keep;
  }

  /** Something else than steps moves the community. */
  forget(): void {
    this.#stepper = null;
  }

  /** Takes steps from simulated second `timeS` on, at which the clock is held. */
  take(
    command: Extract<Command, { kind: "step" }>,
    timeS: number,
    wallMs: number,
    { source }: CommandOrigin,
  ): Answer {
    const world = this.#present.world;
    const refusal = refuseSteps(command, { timeS, world, unitCount: this.#present.members.count });
    if (refusal !== null) return refusal;
    const heldByThisStep = !this.#present.time.clock.held;
    const stepper = this.#stepperAt(timeS);
    const { startTime } = this.#present.at.config;
    let [movedFromS, moves] = [timeS, 0];
    const told = takeSteps(command, stepper, startTime, {
      onAct: (path, touched) => {
        const change = { timeS: stepper.timeS, ...this.#present.members.changed(touched) };
        this.#keep({ ...change, command: { path, source, wallMs, effect: describeEffect(change, 0) } });
        [movedFromS, moves] = [stepper.timeS, 0];
      },
      onStepped: () => {
        moves++;
        this.#present.time.reach(stepper.timeS);
      },
    });
    this.#present.time.holdAt(stepper.timeS, wallMs);
    const change = { ...this.#present.turned(command, movedFromS, wallMs) };
    const logged = this.describeMoves(moves, describeEffect(change, 0), command, source, wallMs);
    this.#keep({ ...change, command: logged });
    return answerWith({ ...told, heldByThisStep });
  }

  /** Steps without actions up to where the clock is held now, as they are logged. */
  describeMoves(
    steps: number,
    effect: string,
    { claiming }: { readonly claiming?: Claiming },
    source: string,
    wallMs: number,
  ): LoggedCommand {
    const path = pathOfMove(this.#present.time.clock.anchorSimulatedS, claiming);
    const joinsAfterId = this.#present.chapters.at(-1)?.afterCommandId ?? 0;
    return { path, source, wallMs, effect: describeMove(steps, effect), joinsAfterId };
  }

  /** One that stands at simulated second `timeS`: the last one, if nothing but steps came since. */
  #stepperAt(timeS: number): Stepper {
    const { accelerationFactor } = this.#present.time.clock;
    const { community } = this.#present.members;
    const chapter = this.#present.chapters.at(-1);
    if (this.#stepper?.timeS !== timeS || this.#chapter !== chapter)
      this.#stepper = new Stepper(
        community,
        this.#present.world,
        timeS,
        accelerationFactor,
        this.#present.observer,
        (event) => this.#present.noteTrips(event),
      );
    this.#chapter = chapter;
    this.#stepper.accelerationFactor = accelerationFactor;
    return this.#stepper;
  }

  /** What plans would lead to from simulated second `timeS` on, on copies. */
  *rollOut(query: Extract<Query, { kind: "rollout" }>, timeS: number): InParts<Answer> {
    const world = this.#present.world;
    const refusal = refusePlans(query, { timeS, world, unitCount: this.#present.members.count });
    if (refusal !== null) return refusal;
    const state = copyCommunity(this.#present.members.community, timeS);
    const copy = new Stepper(state, world, timeS, this.#present.time.clock.accelerationFactor);
    const told = yield* rollOut(query, copy, this.#present.at.config.startTime);
    return { ok: true, json: yield* writeJsonInParts(told) };
  }
}
