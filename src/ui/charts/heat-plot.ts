import type { ChargeMap } from "../frame/api.ts";
import { timeLabel } from "./chart-options.ts";
import { heatColour } from "./heat-colours.ts";

export interface HeatFrame {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export interface HeatCell {
  readonly moment: number;
  readonly unit: number;
}

const labelsHeightPx = 22;
const leftPx = 52;
const timeSteps = [3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 5_184_000];

/** Height of the plot [px]: each home a legible row while they are few, then a fixed height for all. */
export function plotHeight(units: number): number {
  return Math.min(Math.max(units * 16, 96), 420);
}

/** The cell under a point of the plot, in pixels from the canvas' corner; null beside the plot. */
export function cellAt(map: ChargeMap, frame: HeatFrame, x: number, y: number): HeatCell | null {
  const moment = Math.floor(((x - frame.left) / frame.width) * map.timeS.length);
  const unit = Math.floor((y / frame.height) * map.units.length);
  const isInside = moment >= 0 && moment < map.timeS.length && unit >= 0 && unit < map.units.length;
  return isInside ? { moment, unit } : null;
}

/** Draws the map on the canvas, one coloured cell for each home and moment, with names and times beside. */
export function drawHeat(canvas: HTMLCanvasElement, map: ChargeMap, epochS: number): HeatFrame {
  const ratio = window.devicePixelRatio || 1;
  const frame = {
    left: leftPx,
    width: Math.max(1, canvas.clientWidth - leftPx - 4),
    height: plotHeight(map.units.length),
  };
  canvas.style.height = `${frame.height + labelsHeightPx}px`;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round((frame.height + labelsHeightPx) * ratio);
  const pen = canvas.getContext("2d");
  if (pen === null || map.timeS.length === 0 || map.units.length === 0) return frame;
  pen.scale(ratio, ratio);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(paintCells(map), frame.left, 0, frame.width, frame.height);
  pen.fillStyle = getComputedStyle(canvas).color;
  pen.font = "12px system-ui, sans-serif";
  drawNames(pen, map, frame);
  drawTimes(pen, map, frame, epochS);
  return frame;
}

function paintCells(map: ChargeMap): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = map.timeS.length;
  canvas.height = map.units.length;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = pen.createImageData(canvas.width, canvas.height);
  map.rsoc.forEach((charges, moment) => {
    charges.forEach((charge, unit) => {
      if (charge === null) return;
      image.data.set([...heatColour(charge), 255], (unit * canvas.width + moment) * 4);
    });
  });
  pen.putImageData(image, 0, 0);
  return canvas;
}

function drawNames(pen: CanvasRenderingContext2D, map: ChargeMap, frame: HeatFrame): void {
  const every = Math.max(1, Math.ceil((map.units.length * 14) / frame.height));
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (let unit = 0; unit < map.units.length; unit += every) {
    const y = Math.max(7, ((unit + 0.5) / map.units.length) * frame.height);
    if (unit === 0 || y >= 20) pen.fillText(map.units[unit] ?? "", frame.left - 6, y);
  }
}

function drawTimes(pen: CanvasRenderingContext2D, map: ChargeMap, frame: HeatFrame, epochS: number): void {
  const [first = 0] = map.timeS;
  const lengthS = map.resolutionS * map.timeS.length;
  const step = timeSteps.find((each) => (frame.width * each) / lengthS >= 58) ?? 31_536_000;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (
    let second = Math.ceil((epochS + first) / step) * step;
    second < epochS + first + lengthS;
    second += step
  ) {
    const x = frame.left + ((second - epochS - first) / lengthS) * frame.width;
    if (x > frame.left + frame.width - 18) break;
    pen.fillRect(x, frame.height, 1, 4);
    pen.fillText(timeLabel(second), Math.max(x, frame.left + 16), frame.height + 7);
  }
}
