import type { InParts } from "../../notation/in-parts.ts";

/** One number with its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Added to the metric's name: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly suffix?: string;
}

export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Writes metrics in Prometheus' text format, version 0.0.4; each is made when the one before is written. */
export function* writePrometheusText(metrics: Iterable<Metric>): InParts<string> {
  let text = "";
  for (const metric of metrics) {
    text += writeMetric(metric);
    yield;
  }
  return text;
}

function writeMetric({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value, suffix = "" }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    const list = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
    return `${name}${suffix}${list} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
