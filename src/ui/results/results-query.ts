import { secondsPerDay } from "../words/formatting.ts";

/** What time the results are of: the newest so many seconds, everything, or a span of the past. */
export type ResultsSpan =
  | { readonly kind: "newest"; readonly lengthS: number }
  | { readonly kind: "all" }
  | { readonly kind: "span"; readonly fromS: number; readonly toS: number };

/**
 * What the results are held against: nothing, the same length before, from another moment on or before a snapshot, or
 * another community.
 */
export type Against =
  | { readonly kind: "nothing" | "before" }
  | { readonly kind: "since"; readonly fromS: number }
  | { readonly kind: "snapshot"; readonly name: string }
  | { readonly kind: "community"; readonly address: string };

export interface ResultsQuery {
  readonly span: ResultsSpan;
  /** A home, or null for the community. */
  readonly unit: string | null;
  /** What a bar is; null leaves that to the length of the span. */
  readonly by: BarName | null;
  readonly against: Against;
}

export const barNames = ["hour", "day", "month"] as const;
type BarName = (typeof barNames)[number];

/** What the part of an address behind `#/results/` asks for; what it does not say, or says wrongly, is as at first. */
export function parseQuery(text: string): ResultsQuery {
  const given = new URLSearchParams(text);
  const unit = given.get("unit");
  const by = given.get("by");
  return {
    span: parseSpan(given),
    unit: unit !== null && /^E\d{3,6}$/.test(unit) ? unit : null,
    by: barNames.find((name) => name === by) ?? null,
    against: parseAgainst(given.get("against") ?? ""),
  };
}

function parseSpan(given: URLSearchParams): ResultsSpan {
  const [fromS, toS] = ["from", "to"].map((name) => Number(given.get(name) ?? Number.NaN)) as [
    number,
    number,
  ];
  if (fromS >= 0 && toS > fromS && toS < 1e12) return { kind: "span", fromS, toS };
  const lengthS = Number(given.get("newest") ?? Number.NaN);
  return lengthS > 0 && lengthS < 1e12 ? { kind: "newest", lengthS } : { kind: "all" };
}

function parseAgainst(text: string): Against {
  const [kind = "", ...rest] = text.split(":");
  const value = rest.join(":");
  if (kind === "before") return { kind };
  if (kind === "since" && Number(value) >= 0 && Number(value) < 1e12 && value !== "")
    return { kind, fromS: Number(value) };
  if (kind === "snapshot" && value !== "") return { kind, name: value };
  return kind === "community" && value !== "" ? { kind, address: value } : { kind: "nothing" };
}

/** The same as a part of an address, which shows another what is shown here. */
export function writeQuery({ span, unit, by, against }: ResultsQuery): string {
  const query = new URLSearchParams();
  if (span.kind === "newest") query.set("newest", String(span.lengthS));
  if (span.kind === "span") {
    query.set("from", String(span.fromS));
    query.set("to", String(span.toS));
  }
  if (unit !== null) query.set("unit", unit);
  if (by !== null) query.set("by", by);
  const told = writeAgainst(against);
  if (told !== "") query.set("against", told);
  return query.toString();
}

function writeAgainst(against: Against): string {
  switch (against.kind) {
    case "nothing":
      return "";
    case "before":
      return "before";
    case "since":
      return `since:${against.fromS}`;
    case "snapshot":
      return `snapshot:${against.name}`;
    case "community":
      return `community:${against.address}`;
  }
}

/** The simulated seconds that a span means when simulated time is `nowS`. */
export function resolveSpan(
  span: ResultsSpan,
  nowS: number,
): { readonly fromS: number; readonly toS: number } {
  if (span.kind === "span") return { fromS: span.fromS, toS: Math.min(span.toS, Math.max(nowS, span.fromS)) };
  return { fromS: span.kind === "all" ? 0 : Math.max(0, nowS - span.lengthS), toS: nowS };
}

/** Bars that tell a span of this length apart. */
export function chooseBars(lengthS: number): BarName {
  if (lengthS <= 3 * secondsPerDay) return "hour";
  return lengthS <= 120 * secondsPerDay ? "day" : "month";
}
