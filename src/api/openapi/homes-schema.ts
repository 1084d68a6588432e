import * as v from "valibot";
import { hardwareSchema, homeSchema } from "../../input/homes/home-schema.ts";
import { describeAnswer } from "./answer-schemas.ts";

/** The JSON Schema of a file of homes, which `/schema/homes.json` gives: an editor checks and explains the file by it. */
export function writeHomesSchema() {
  const file = v.object({
    $schema: v.optional(v.string()),
    default: v.optional(v.pipe(hardwareSchema, v.description("What all homes have that say nothing else"))),
    homes: v.optional(
      v.pipe(v.array(homeSchema), v.description("The homes in their order: the first is E001")),
    ),
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Homes of a community",
    anyOf: [describeAnswer(file), describeAnswer(v.array(homeSchema))],
  };
}
