import { findLack } from "../../input/series/own-data.ts";
import { atOnce } from "../../notation/in-parts.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { endOfTimeS, secondsPerDay } from "../../simulation/world.ts";
import type { Done } from "./done.ts";
import { beginOwn } from "./own-homes.ts";
import type { Present } from "./present.ts";
import { type Command, tellOf } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";

/** By this name the data of the deployment are used again. */
const deployedData = "deployment";

/** Begins a chapter with data that are kept, or with those of the deployment again. */
export function useData(
  present: Present,
  { id }: Extract<Command, { kind: "useData" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  const to = id === deployedData ? present.deployed : describeOwn(present, id);
  if ("refusal" in to) return to as Refused;
  if (to.inputHash === present.at.inputHash) return refuse("conflict", "These data are used already", "id");
  const { worldOf, inputHash, inputName, homesOfData, config } = to;
  const changed = {
    inputHash,
    inputName,
    ...(homesOfData !== undefined && { homesOfData }),
    config: { ...present.given.config, startTime: config.startTime, solarUnit: config.solarUnit },
  };
  const world = worldOf(changed.config, inputHash);
  if (world === null) return refuse("conflict", "These data cannot be read", "id");
  if (timeS >= endOfTimeS(world))
    return refuse(
      "conflict",
      `The data have ${world.dataLengthS / secondsPerDay} days, and day ${Math.floor(timeS / secondsPerDay) + 1} has come; Reset with clock=start, or another run, begins before`,
      "id",
    );
  return {
    change: beginOwn(present, "data", changed, timeS, wallMs),
    answer: () => atOnce(present.at.writer.answerQuery(tellOf("/data"), present.view(timeS, wallMs))),
  };
}

function describeOwn({ given, deployed }: Present, id: string): Surroundings | Refused {
  const kept = given.storage.openData(id);
  if (kept === null) return refuse("not_found", `There are no data ${id}; /data tells which are kept`, "id");
  const lack = findLack(kept.own);
  if (lack !== null) return refuse("conflict", `The data cannot be used: ${lack}`, "id");
  return {
    ...given,
    inputHash: id,
    inputName: kept.own.name,
    homesOfData: kept.own.homes,
    config: {
      ...given.config,
      startTime: kept.own.firstDate === null ? deployed.config.startTime : `${kept.own.firstDate}T00:00:00`,
    },
  };
}
