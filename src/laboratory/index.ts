/** The package `apis-emulator` (docs/package.md): what this file exports is what it promises. */
export { ConfigError } from "../input/config/read-config.ts";
export { InputFileError } from "../input/series/input-file-error.ts";
export { accounts, type Ledger } from "../simulation/ledger.ts";
export type { OccurrenceKind } from "../simulation/occurrences.ts";
export {
  Community,
  type CommunityJson,
  type CommunityParts,
  type Energies,
  type Observations,
  type StepEnd,
  StepError,
} from "./community.ts";
export { type CommunityData, type CsvSource, readData, type SeriesSteps } from "./data.ts";
export { type ObservableName, observableNames } from "./observables.ts";
export type { Action, GivenStep, StepTarget } from "./steps.ts";
export type { StepEvent } from "./told-steps.ts";
