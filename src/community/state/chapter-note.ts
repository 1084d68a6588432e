import { listDecidingChanges } from "../../input/config/complete-config.ts";
import { release } from "../../notation/release.ts";
import type { World } from "../../simulation/world.ts";
import type { Chapter } from "../storage/stored-shapes.ts";
import type { Surroundings } from "./surroundings.ts";

/** The chapter that begins at simulated second `fromS`. */
export function describeChapter(
  { config, inputHash, inputName, own = [], storage }: Surroundings,
  fromS: number,
  beganWallMs: number,
  lostUntilS: number | null,
): Chapter {
  const afterCommandId = storage.lastCommandId();
  const shown = { ...config, dburl: "" };
  return {
    fromS,
    beganWallMs,
    afterCommandId,
    config: shown,
    inputHash,
    inputName,
    lostUntilS,
    release,
    own,
  };
}

/** What is another now than in `chapter`: names of parameters, and `data`. */
export function listChanges(
  chapter: Chapter,
  { config, inputHash }: Pick<Surroundings, "config"> & { readonly inputHash: string | null },
): string[] {
  const changes = listDecidingChanges(chapter.config, config);
  return chapter.inputHash === inputHash ? changes : [...changes, "data"];
}

/** The world of the configuration and the data that there are now. */
export function worldNow({ config, inputHash, worldOf }: Surroundings): World {
  return worldOf(config, inputHash) as World;
}

/** `surroundings` with what the last of these chapters has of its own. */
export function keepOwn(surroundings: Surroundings, chapters: readonly Chapter[]): Surroundings {
  const last = chapters.at(-1);
  if (last === undefined || last.own.length === 0) return surroundings;
  const { own, inputHash, inputName, config } = last;
  const homes = own.includes("homes") ? config.homes : surroundings.config.homes;
  const kept = own.includes("data") ? surroundings.storage.openData(inputHash ?? "") : null;
  if (kept === null) {
    // Those of an uploaded snapshot may be elsewhere.
    const rest = own.filter((part) => part !== "data");
    return { ...surroundings, own: rest, config: { ...surroundings.config, homes } };
  }
  const { firstDate, id, homes: homesOfData } = kept.own;
  const startTime = firstDate === null ? surroundings.config.startTime : `${firstDate}T00:00:00`;
  return {
    ...surroundings,
    own,
    inputHash: id,
    inputName,
    homesOfData,
    config: { ...surroundings.config, homes, startTime, solarUnit: "W/m2" },
  };
}

/** `surroundings` with the start time of the run that these chapters make, if they do: a run keeps it. */
export function keepStart(surroundings: Surroundings, chapters: readonly Chapter[]): Surroundings {
  const startTime = chapters[0]?.config.startTime ?? surroundings.config.startTime;
  if (startTime === surroundings.config.startTime) return surroundings;
  return { ...surroundings, config: { ...surroundings.config, startTime } };
}
