import * as v from "valibot";

/** Kinds of values in a table's columns. */
export const text = v.string();
export const number = v.number();
/** A share, or null where its divisor is 0. */
export const ratio = v.nullable(v.number());

/** `schema` with words on what it holds. */
export function describe<S extends v.GenericSchema>(schema: S, words: string) {
  return v.pipe(schema, v.description(words));
}

/** What is wrong and where, in a line. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  return place === null ? issue.message : `${place}: ${issue.message}`;
}

/** The names of a table's columns in their order, from the schema of its rows. */
export function columnsOf<E extends v.ObjectEntries>(schema: { readonly entries: E }) {
  return Object.keys(schema.entries) as (keyof E & string)[];
}
