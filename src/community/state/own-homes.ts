import { changeHome, placeOf } from "../../input/homes/change-home.ts";
import { findHomesFaults } from "../../input/homes/check-homes.ts";
import type { Homes } from "../../input/homes/home-schema.ts";
import { HomesError } from "../../input/homes/read-homes.ts";
import { atOnce } from "../../notation/in-parts.ts";
import { quote } from "../../notation/parameters.ts";
import { type Answer, type Refused, refuse } from "../../notation/refusal.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { OwnPart } from "../storage/stored-shapes.ts";
import type { Done } from "./done.ts";
import type { Present } from "./present.ts";
import { type Command, type EmulatorRequest, tellOf } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";
import { refuseUnit } from "./view.ts";

/**
 * Begins a chapter at simulated second `timeS` in which `changed` takes the place of what the deployment gives: from then on
 * `part` is the community's own, whatever the deployment has. What the chapter's world needs must be loaded.
 */
export function beginOwn(
  present: Present,
  part: OwnPart,
  changed: Partial<Surroundings>,
  timeS: number,
  wallMs: number,
): StoredChange {
  const { own = [] } = present.given;
  const isOwn = part !== "data" || changed.inputHash !== present.deployed.inputHash;
  const others = own.filter((each) => each !== part);
  const of = isOwn ? [...others, part] : others;
  return present.beginChapter({ ...present.given, ...changed, own: of }, timeS, wallMs);
}

/** All homes are these from now on. */
export function setHomes(
  present: Present,
  { homes }: Extract<Command, { kind: "setHomes" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  return begin(present, homes, timeS, wallMs);
}

/** One home is another from now on. */
export function setHome(
  present: Present,
  { home, fields }: Extract<Command, { kind: "setHome" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  const { homes } = present.at.config;
  const number = placeOf(homes, home);
  if (number === null)
    return refuse("unknown_unit", `There is no home ${quote(home)}; /homes lists those that there are`);
  if (number > present.members.count) return refuseUnit(present.view(timeS), number);
  const given = Object.keys(fields);
  const namedOf = (fault: string) => given.find((path) => fault.includes(`${path} is `)) ?? given[0];
  try {
    // What another configuration or other data have made wrong stands in nobody's way.
    const known = findHomesFaults(present.given.config, present.given.homesOfData).map(firstLine);
    return begin(present, changeHome(homes, number, fields), timeS, wallMs, namedOf, known);
  } catch (error) {
    if (!(error instanceof HomesError)) throw error;
    const fault = firstLine(error.message);
    return refuse("invalid_parameter", fault, namedOf(fault));
  }
}

function begin(
  present: Present,
  homes: Homes,
  timeS: number,
  wallMs: number,
  parameterOf: (fault: string) => string | undefined = () => "homes",
  known: readonly string[] = [],
): Done | Refused {
  const { given } = present;
  const config = { ...given.config, homes };
  const faults = findHomesFaults(config, given.homesOfData).map(firstLine);
  const fault = faults.find((each) => !known.includes(each));
  if (fault !== undefined) return refuse("invalid_parameter", fault, parameterOf(fault));
  return {
    change: beginOwn(present, "homes", { config }, timeS, wallMs),
    answer: () => tellHomes(present, timeS, wallMs),
  };
}

function tellHomes(present: Present, timeS: number, wallMs: number): Answer {
  return atOnce(present.at.writer.answerQuery(tellOf("/homes"), present.view(timeS, wallMs)));
}

function firstLine(text: string): string {
  return text.split("\n")[0] as string;
}

/** The homes that there are once a request is answered; where it will be refused, those that there are. */
export function homesAfter(request: EmulatorRequest, homes: Homes): Homes {
  if (request.kind === "setHomes") return request.homes;
  if (request.kind !== "setHome") return homes;
  const number = placeOf(homes, request.home);
  try {
    return number === null ? homes : changeHome(homes, number, request.fields);
  } catch {
    return homes;
  }
}
