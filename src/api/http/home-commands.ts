import * as v from "valibot";
import type { CommunityRequest, EmulatorRequest } from "../../community/state/request.ts";
import type { HomeChange } from "../../input/homes/change-home.ts";
import type { HomeField } from "../../input/homes/home-schema.ts";
import { hardwareSchema, homeFields, homeSchema } from "../../input/homes/home-schema.ts";
import { homesFaultOf, readHomesFile } from "../../input/homes/read-homes-file.ts";
import { isNumberText } from "../../notation/number-text.ts";
import { type Checked, checkParameters, definedOf, type GivenParameters } from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";

/** The longest file of homes that is taken [byte]. */
export const homesBodyBytes = 4 * 1024 * 1024;

/** What `PUT /homes` takes, as JSON; a CSV file says the same. */
export const homesBodySchema = v.union([
  v.object({ default: v.optional(hardwareSchema), homes: v.optional(v.array(homeSchema)) }),
  v.array(homeSchema),
]);

/** `PUT /homes`: a file of homes, JSON or CSV by its content. */
export async function parseHomes(body: string): Promise<Checked<EmulatorRequest>> {
  try {
    return {
      ok: true,
      value: { kind: "setHomes", homes: await readHomesFile("homes", new TextEncoder().encode(body)) },
    };
  } catch (error) {
    const fault = homesFaultOf(error);
    if (fault === null) throw error;
    return refuse("invalid_parameter", fault.split("\n")[0] as string, "homes");
  }
}

/** The text of a field as it is, or null where it is blank: then it is left out again. */
function ofField({ isText, schema, allowed, min, max, integer }: HomeField) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): string | number | null => {
      const text = dataset.value.trim();
      if (text === "") return null;
      const read = v.safeParse(schema, isText ? text : isNumberText(text) ? Number(text) + 0 : text);
      if (read.success) return read.output as string | number;
      addIssue({ message: `${allowed}, or nothing to leave it out` });
      return NEVER;
    }),
    v.metadata(isText ? {} : { minimum: min, maximum: max, unit: "", integer }),
  );
}

export const homeParameters = v.strictObject(
  Object.fromEntries(homeFields.map((field) => [field.path, v.optional(ofField(field))])),
);
export const homeNameSchema = v.object({ home: v.string() });

/** `/set/home/<id>?field=`: the home of that unit's ID, or that is called so. */
export function parseHome(home: string, given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(homeParameters, given);
  if (!checked.ok) return checked;
  const fields = definedOf(checked.value) as HomeChange;
  const [first] = homeFields.slice(2);
  if (Object.keys(fields).length === 0)
    return refuse("missing_parameter", `Give one or more fields of a home, such as ${first?.path}`);
  return { ok: true, value: { kind: "setHome", home: decode(home), fields } };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
