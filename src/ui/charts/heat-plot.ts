import type { ChargeMap } from "../live/api.ts";
import { listTicks } from "../words/calendar-ticks.ts";
import type { Column } from "./chart-options.ts";
import { heatColour } from "./heat-colours.ts";

export interface HeatFrame {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export interface HeatCell {
  readonly bin: number;
  readonly row: number;
}

/** A row of the map: the homes from its first to its last, in the order of their numbers. */
export interface HeatRow {
  readonly first: string;
  readonly last: string;
  readonly homes: number;
}

/** Charges by bin, then by row; a row of several homes has the mean of those that were there. */
export interface HeatRows {
  readonly rows: readonly HeatRow[];
  readonly homesPerRow: number;
  readonly charges: readonly Column[];
}

const labelsHeightPx = 38;
const leftPx = 52;
const tickSpacePx = 76;
/** With more rows than this some would fall between the pixels. */
const mostRows = 200;

/** Pools homes to rows, so that every home counts however many there are. */
export function poolHomes({ units, rsoc }: Pick<ChargeMap, "units" | "rsoc">): HeatRows {
  const homesPerRow = Math.max(1, Math.ceil(units.length / mostRows));
  const groups = Array.from({ length: Math.ceil(units.length / homesPerRow) }, (_, row) =>
    units.slice(row * homesPerRow, (row + 1) * homesPerRow),
  );
  const rows = groups.map((group) => ({
    first: group[0] ?? "",
    last: group.at(-1) ?? "",
    homes: group.length,
  }));
  const charges = rsoc.map((column) =>
    rows.map((_, row) => meanOf(column.slice(row * homesPerRow, (row + 1) * homesPerRow))),
  );
  return { rows, homesPerRow, charges };
}

function meanOf(column: Column): number | null {
  const known = column.filter((charge) => charge !== null);
  return known.length === 0 ? null : known.reduce((total, charge) => total + charge, 0) / known.length;
}

/** Height of the plot [px]: each row legible while they are few, then a fixed height for all. */
export function plotHeight(rows: number): number {
  return Math.min(Math.max(rows * 16, 96), 420);
}

/** The cell under a point of the plot, in pixels from the canvas' corner; null beside the plot. */
export function cellAt(bins: number, rows: number, frame: HeatFrame, x: number, y: number): HeatCell | null {
  const bin = Math.floor(((x - frame.left) / frame.width) * bins);
  const row = Math.floor((y / frame.height) * rows);
  return bin >= 0 && bin < bins && row >= 0 && row < rows ? { bin, row } : null;
}

/** How many bins can be told apart. */
export function binsWantedOn(canvas: HTMLCanvasElement): number {
  return Math.max(100, (canvas.clientWidth || 600) - leftPx - 4);
}

/** Draws the map on the canvas, one coloured cell for each row and bin, with names and times beside. */
export function drawHeat(
  canvas: HTMLCanvasElement,
  { rows, charges }: HeatRows,
  fromS: number,
  toS: number,
): HeatFrame {
  const ratio = window.devicePixelRatio || 1;
  const frame = {
    left: leftPx,
    width: Math.max(1, canvas.clientWidth - leftPx - 4),
    height: plotHeight(rows.length),
  };
  canvas.style.height = `${frame.height + labelsHeightPx}px`;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round((frame.height + labelsHeightPx) * ratio);
  const pen = canvas.getContext("2d");
  if (pen === null || charges.length === 0 || rows.length === 0) return frame;
  pen.scale(ratio, ratio);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(paintCells(charges, rows.length), frame.left, 0, frame.width, frame.height);
  pen.fillStyle = getComputedStyle(canvas).color;
  pen.font = "12px system-ui, sans-serif";
  drawNames(pen, rows, frame);
  drawTimes(pen, frame, fromS, toS);
  return frame;
}

function paintCells(charges: readonly Column[], rows: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = charges.length;
  canvas.height = rows;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = pen.createImageData(canvas.width, canvas.height);
  charges.forEach((column, bin) => {
    column.forEach((charge, row) => {
      if (charge === null) return;
      image.data.set([...heatColour(charge), 255], (row * canvas.width + bin) * 4);
    });
  });
  pen.putImageData(image, 0, 0);
  return canvas;
}

function drawNames(pen: CanvasRenderingContext2D, rows: readonly HeatRow[], frame: HeatFrame): void {
  const every = Math.max(1, Math.ceil((rows.length * 14) / frame.height));
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (let row = 0; row < rows.length; row += every) {
    const y = Math.max(7, ((row + 0.5) / rows.length) * frame.height);
    if (row === 0 || y >= 20) pen.fillText(rows[row]?.first ?? "", frame.left - 6, y);
  }
}

/** Times by the emulator's calendar; `fromS` and `toS` are Unix seconds that stand for it. */
function drawTimes(pen: CanvasRenderingContext2D, frame: HeatFrame, fromS: number, toS: number): void {
  pen.textBaseline = "top";
  const right = frame.left + frame.width;
  for (const { second, label, context } of listTicks(fromS, toS, Math.max(2, frame.width / tickSpacePx))) {
    const x = frame.left + ((second - fromS) / (toS - fromS)) * frame.width;
    pen.fillRect(Math.min(x, right - 1), frame.height, 1, 4);
    pen.textAlign = "center";
    for (const [text, below] of [
      [label, 7],
      [context, 22],
    ] as const) {
      const half = pen.measureText(text).width / 2;
      pen.fillText(text, Math.max(half, Math.min(x, right - half)), frame.height + below);
    }
  }
}
