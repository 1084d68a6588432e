import type * as v from "valibot";
import type { dataSchema } from "../../api/wire/data-json.ts";
import type { ImportReport } from "../../input/import/report.ts";

export type KeptList = v.InferOutput<typeof dataSchema>["data"];
export type KeptEntry = KeptList[number];

/** What an upload answers, and `/data/report`. */
export interface Uploaded {
  readonly id: string;
  readonly lack: string | null;
  readonly report: ImportReport;
}
