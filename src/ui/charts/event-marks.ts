import type uPlot from "uplot";
import { colourOf, describeDetail, nameKind } from "../events/event-words.ts";
import { loadEvents } from "../events/load-events.ts";
import type { ToldEvent } from "../live/api.ts";
import type { Translate } from "../words/i18n.ts";

/** What is marked on the charts of one home, and of all. */
const kindsOf = {
  home: "empty,full,upsSwitch,acCharging,trip,mode,fault",
  all: "busUp,busDown,fault,dataEnd",
};
/** A mark at the upper edge of the plot [px]. */
const markPx = { width: 2, height: 9 };
/** Closer together they would hide what is drawn, and none is marked. */
const leastApartPx = 8;
/** Of more events in a bin only how many more there are is said. */
const mostNamed = 4;

/** Events to be marked in a span, of a home or of all. @throws ApiError */
export async function loadMarks(
  span: { from: string; to: string },
  unit?: string,
): Promise<readonly ToldEvent[]> {
  const wish = unit === undefined ? { kind: kindsOf.all } : { kind: kindsOf.home, unit };
  return (await loadEvents(Number(span.from), Number(span.to), wish)).events;
}

/** Draws a mark for each event, where they are few enough to be told apart; `epochS` is the Unix time of simulated second 0. */
export function drawMarks(
  plot: uPlot,
  marks: readonly ToldEvent[],
  epochS: number,
  colorOf: (name: string) => string,
): void {
  const { ctx, bbox } = plot;
  const ratio = bbox.width / plot.over.clientWidth || 1;
  if (marks.length * leastApartPx > plot.over.clientWidth) return;
  ctx.save();
  for (const { timeS, kind } of marks) {
    const x = plot.valToPos(timeS + epochS, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = colorOf(colourOf(kind));
    ctx.fillRect(x - (markPx.width * ratio) / 2, bbox.top, markPx.width * ratio, markPx.height * ratio);
  }
  ctx.restore();
}

/** The events of a bin in words. */
export function nameMarks(t: Translate, marks: readonly ToldEvent[], beginS: number, endS: number): string {
  const within = marks.filter(({ timeS }) => timeS >= beginS && timeS < endS);
  const named = within.slice(0, mostNamed).map((event) => {
    const detail = describeDetail(t, event);
    return detail === "" ? nameKind(t, event.kind) : `${nameKind(t, event.kind)}: ${detail}`;
  });
  if (within.length > mostNamed) named.push(t("andMore", { count: within.length - mostNamed }));
  return named.map((each) => ` · ${each}`).join("");
}
