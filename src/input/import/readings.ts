import type { Quantity } from "./quantity.ts";

/** By so much a list grows that is full: memory is taken for what is not there yet, and for both while it is copied. */
const growth = 1.5;

/** Readings of one series in the order of the file: when, what, and in which row. */
export class ReadingList {
  readonly quantity: Quantity;
  readonly label: string;
  /** Tells apart what is added up to one series, such as two meters of a home. */
  readonly part: string;
  #minutes = new Int32Array(64);
  #values = new Float64Array(64);
  #rows = new Int32Array(64);
  length = 0;

  constructor(quantity: Quantity, label: string, part: string) {
    this.quantity = quantity;
    this.label = label;
    this.part = part;
  }

  push(minute: number, value: number, row: number): void {
    if (this.length === this.#minutes.length) this.#grow();
    this.#minutes[this.length] = minute;
    this.#values[this.length] = value;
    this.#rows[this.length] = row;
    this.length += 1;
  }

  get minutes(): Int32Array {
    return this.#minutes.subarray(0, this.length);
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }

  get rows(): Int32Array {
    return this.#rows.subarray(0, this.length);
  }

  /** Forgets them: they have been laid. */
  release(): void {
    this.#minutes = new Int32Array();
    this.#values = new Float64Array();
    this.#rows = new Int32Array();
    this.length = 0;
  }

  #grow(): void {
    const size = Math.ceil(this.length * growth);
    const minutes = new Int32Array(size);
    minutes.set(this.#minutes);
    this.#minutes = minutes;
    const values = new Float64Array(size);
    values.set(this.#values);
    this.#values = values;
    const rows = new Int32Array(size);
    rows.set(this.#rows);
    this.#rows = rows;
  }
}

/** All readings of a file, by home in the order in which homes first appear; of homes that are not wanted none is kept. */
export class Readings {
  readonly #isWanted: (homeNumber: number) => boolean;
  readonly #homes = new Map<string, number>();
  readonly #lists = new Map<string, ReadingList | null>();

  /** @param isWanted whether the home with this number, counted from 1 in the order of the file, is kept */
  constructor(isWanted: (homeNumber: number) => boolean = () => true) {
    this.#isWanted = isWanted;
  }

  /** The list of a series, to push to; null if its home is not wanted. */
  listOf(quantity: Quantity, label: string, part = ""): ReadingList | null {
    const key = `${quantity}\n${label}\n${part}`;
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const isOfHome = quantity !== "irradiance";
    if (isOfHome && !this.#homes.has(label)) this.#homes.set(label, this.#homes.size + 1);
    const isKept = !isOfHome || this.#isWanted(this.#homes.get(label) as number);
    const list = isKept ? new ReadingList(quantity, label, part) : null;
    this.#lists.set(key, list);
    return list;
  }

  get lists(): ReadingList[] {
    return [...this.#lists.values()].filter((list) => list !== null && list.length > 0) as ReadingList[];
  }

  /** Homes of the file, wanted or not. */
  get homes(): number {
    return this.#homes.size;
  }
}
