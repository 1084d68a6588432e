export interface LoggedStep {
  step: string;
  measured: Record<string, number | string>;
}

/** Something that apis-main relies on did not hold. */
export class ConformanceError extends Error {
  override name = "ConformanceError";
  readonly step: string;
  readonly expectation: string;
  readonly read: string;

  constructor(step: string, expectation: string, read: unknown) {
    const readText = typeof read === "string" ? read : JSON.stringify(read);
    super(`${step}: expected ${expectation}, read ${readText}`);
    this.step = step;
    this.expectation = expectation;
    this.read = readText;
  }
}

/** Which step a deal is in, what the steps before it measured, and the checks made in its name. */
export class StepLog {
  readonly steps: LoggedStep[] = [];
  private step = "start";
  private readonly report: (logged: LoggedStep) => void;

  constructor(report: (logged: LoggedStep) => void = () => {}) {
    this.report = report;
  }

  begin(step: string): void {
    this.step = step;
  }

  /** Ends a step with what it measured. */
  note(measured: LoggedStep["measured"] = {}): void {
    const logged = { step: this.step, measured };
    this.steps.push(logged);
    this.report(logged);
  }

  /** Throws a `ConformanceError` unless the check `holds`. */
  expect(holds: boolean, expectation: string, read: unknown): void {
    if (!holds) throw new ConformanceError(this.step, expectation, read);
  }
}
