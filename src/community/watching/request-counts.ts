import type { Answer } from "../../notation/refusal.ts";
import type { Metric, Sample } from "./prometheus-text.ts";

/** Upper ends of the latency's buckets [s]. */
const bucketsS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

/** Counts what one awake object answers; its numbers begin at 0 when the object wakes. */
export class RequestCounts {
  readonly #requests = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #buckets = new Array<number>(bucketsS.length).fill(0);
  #count = 0;
  #seconds = 0;
  #answerS = 0;

  /** Counts a request of `kind` that took `seconds`. */
  add(kind: string, answer: Answer, seconds: number): void {
    increment(this.#requests, kind);
    if (!answer.ok) increment(this.#errors, answer.refusal.code);
    this.#count++;
    this.#seconds += seconds;
    for (let i = bucketsS.length - 1; i >= 0 && seconds <= (bucketsS[i] as number); i--)
      this.#buckets[i] = (this.#buckets[i] as number) + 1;
  }

  /** Gives what `answer` gives, and counts the time that the emulator took for it. */
  timeAnswer<T>(answer: () => T): T {
    const beginMs = performance.now();
    try {
      return answer();
    } finally {
      this.#answerS += (performance.now() - beginMs) / 1000;
    }
  }

  /** Time that the emulator took to answer [s]. */
  get answerS(): number {
    return this.#answerS;
  }

  /** Counts a request that was refused before it reached the community. */
  addRefusal(code: string): void {
    increment(this.#requests, "refused");
    increment(this.#errors, code);
  }

  describe(): Metric[] {
    const buckets = this.#buckets.map((value, i) => bucket(String(bucketsS[i]), value));
    const latency: Sample[] = [
      ...buckets,
      bucket("+Inf", this.#count),
      { suffix: "_sum", value: this.#seconds },
      { suffix: "_count", value: this.#count },
    ];
    return [
      {
        name: "apis_requests_total",
        type: "counter",
        help: "Requests since the object woke, by kind.",
        samples: list(this.#requests, "kind"),
      },
      {
        name: "apis_errors_total",
        type: "counter",
        help: "Refused requests since the object woke, by code.",
        samples: list(this.#errors, "code"),
      },
      {
        name: "apis_request_seconds",
        type: "histogram",
        help: "Time to answer within the object. On Cloudflare clocks stand still while code runs.",
        samples: latency,
      },
    ];
  }
}

function bucket(le: string, value: number): Sample {
  return { suffix: "_bucket", labels: { le }, value };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function list(counts: Map<string, number>, label: string): Sample[] {
  return [...counts].map(([key, value]) => ({ labels: { [label]: key }, value }));
}
