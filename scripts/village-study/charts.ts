/** Bars, as SVG: groups side by side, each of one bar a series, or of all series on one another. */
export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly groups: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly stacked?: boolean;
}

const width = 860;
const height = 380;
const plot = { left: 64, right: 844, top: 78, bottom: 326 };
/** Told apart in grey and by those who do not see red and green apart: after Okabe and Ito (2008). */
const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#999999"];
const ink = "#222222";

export function drawBars(chart: BarChart): string {
  const { title, unit, groups, series, stacked = false } = chart;
  const tops = groups.map((_, group) => {
    const values = series.map(({ values }) => values[group] as number);
    return stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  });
  const tick = chooseTick(Math.max(...tops, 1e-9));
  const highest = Math.ceil(Math.max(...tops, 1e-9) / tick) * tick;
  const yOf = (value: number) => plot.bottom - ((plot.bottom - plot.top) * value) / highest;
  const slot = (plot.right - plot.left) / groups.length;
  const barWidth = (slot * 0.76) / (stacked ? 1 : series.length);
  const lines: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="${ink}">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${plot.left}" y="26" font-size="17" font-weight="bold">${title}</text>`,
  ];
  let legendX = plot.left;
  for (const [index, { name }] of series.entries()) {
    lines.push(`<rect x="${legendX}" y="40" width="12" height="12" fill="${colours[index]}"/>`);
    lines.push(`<text x="${legendX + 18}" y="51">${name}</text>`);
    legendX += 44 + name.length * 7;
  }
  for (let step = 0; step * tick <= highest * 1.0001; step++) {
    const value = step * tick;
    const y = at(yOf(value));
    lines.push(`<path d="M${plot.left} ${y}H${plot.right}" stroke="#dddddd"/>`);
    lines.push(
      `<text x="${plot.left - 8}" y="${at(yOf(value) + 4)}" text-anchor="end">${tidy(value)}</text>`,
    );
  }
  lines.push(`<text x="${plot.left - 8}" y="${plot.top - 12}" text-anchor="end">${unit}</text>`);
  for (const [group, name] of groups.entries()) {
    const left = plot.left + slot * (group + 0.12);
    let below = 0;
    for (const [index, { values }] of series.entries()) {
      const value = values[group] as number;
      const x = stacked ? left : left + barWidth * index;
      const top = yOf(below + value);
      const size = `width="${at(barWidth)}" height="${at(yOf(below) - top)}"`;
      const said = `${name}, ${series[index]?.name}: ${tidy(Number(value.toPrecision(4)))} ${unit}`;
      lines.push(
        `<rect x="${at(x)}" y="${at(top)}" ${size} fill="${colours[index]}"><title>${said}</title></rect>`,
      );
      if (stacked) below += value;
    }
    const centre = at(plot.left + slot * (group + 0.5));
    for (const [row, words] of name.split("\n").entries())
      lines.push(
        `<text x="${centre}" y="${plot.bottom + 20 + 16 * row}" text-anchor="middle">${words}</text>`,
      );
  }
  return `${lines.join("\n")}\n</svg>\n`;
}

/** 1, 2 or 5 times a power of ten, so that there are four to ten lines. */
function chooseTick(highest: number): number {
  let size = 1;
  while (size * 10 <= highest) size *= 10;
  while (size > highest) size /= 10;
  return [0.2, 0.5, 1, 2].map((share) => share * size).find((tick) => highest / tick <= 7) ?? size;
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(6))).replace(/\B(?=(\d{3})+$)/g, ",");
}
