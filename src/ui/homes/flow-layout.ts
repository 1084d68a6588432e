import type { FlowName } from "./unit-flows.ts";

export type Point = readonly [x: number, y: number];
export type NodeName =
  | "utility"
  | "p1"
  | "p2"
  | "ups"
  | "house"
  | "pv"
  | "pvc"
  | "battery"
  | "emu"
  | "converter"
  | "dcGrid";

/** Where an edge runs, from its first name to its second, and where its power is written. */
export interface EdgeLayout {
  readonly path: readonly Point[];
  readonly text: Point;
  readonly anchor: "start" | "middle" | "end";
}

/** Where everything of Figure 4-2 stands in one shape of the picture. Nodes are given by their middles. */
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly nodeWidth: number;
  /** Boxes whose texts need more. */
  readonly widerNodes: Partial<Readonly<Record<NodeName, number>>>;
  readonly nodes: Readonly<Record<NodeName, Point>>;
  readonly edges: Readonly<Record<FlowName, EdgeLayout>>;
  readonly dcLine: readonly [Point, Point];
  readonly dcLineText: Point;
}

export const nodeHeight = 70;

/** The figure's own arrangement: AC on top, the DC line in the middle, storage and DC grid below. */
export const wideLayout: FlowLayout = {
  width: 1000,
  height: 610,
  nodeWidth: 116,
  widerNodes: { converter: 128, dcGrid: 128 },
  nodes: {
    utility: [66, 115],
    p1: [266, 115],
    p2: [466, 115],
    ups: [680, 115],
    house: [930, 115],
    pv: [66, 260],
    pvc: [266, 260],
    emu: [106, 475],
    battery: [336, 475],
    converter: [680, 475],
    dcGrid: [930, 475],
  },
  edges: {
    utilityToP1: route(166, 98, "middle", [124, 115], [208, 115]),
    p1ToHouse: route(598, 26, "middle", [266, 80], [266, 36], [930, 36], [930, 80]),
    p1ToP2: route(366, 98, "middle", [324, 115], [408, 115]),
    p2ToUps: route(573, 98, "middle", [524, 115], [622, 115]),
    upsToHouse: route(805, 98, "middle", [738, 115], [872, 115]),
    dcToUps: route(648, 258, "end", [662, 358], [662, 150]),
    acLoss: route(802, 230, "start", [702, 150], [702, 225], [792, 225]),
    pvToPvc: route(166, 240, "middle", [124, 260], [208, 260]),
    curtailed: route(406, 265, "start", [324, 260], [398, 260]),
    pvcToDc: route(280, 332, "start", [266, 295], [266, 358]),
    emuLoss: route(120, 405, "start", [106, 358], [106, 440]),
    dcToBattery: route(350, 405, "start", [336, 358], [336, 440]),
    wasted: route(486, 484, "middle", [486, 358], [486, 462]),
    converterToDc: route(694, 405, "start", [680, 440], [680, 358]),
    converterLoss: route(680, 588, "middle", [680, 510], [680, 566]),
    gridToConverter: route(805, 458, "middle", [872, 475], [738, 475]),
  },
  dcLine: [
    [50, 358],
    [790, 358],
  ],
  dcLineText: [802, 363],
};

/** For a phone held upright. */
export const narrowLayout: FlowLayout = {
  width: 400,
  height: 860,
  nodeWidth: 86,
  widerNodes: { converter: 112, dcGrid: 112 },
  nodes: {
    utility: [48, 55],
    p1: [200, 55],
    p2: [352, 55],
    ups: [352, 215],
    house: [48, 215],
    pv: [48, 385],
    pvc: [200, 385],
    emu: [48, 600],
    battery: [184, 600],
    converter: [340, 600],
    dcGrid: [340, 785],
  },
  edges: {
    utilityToP1: route(124, 40, "middle", [88, 55], [160, 55]),
    p1ToHouse: route(124, 126, "middle", [200, 90], [200, 134], [48, 134], [48, 180]),
    p1ToP2: route(276, 40, "middle", [240, 55], [312, 55]),
    p2ToUps: route(340, 140, "end", [352, 90], [352, 180]),
    upsToHouse: route(200, 200, "middle", [312, 215], [88, 215]),
    dcToUps: route(354, 360, "end", [368, 480], [368, 250]),
    acLoss: route(262, 300, "end", [326, 250], [326, 295], [270, 295]),
    pvToPvc: route(124, 364, "middle", [88, 385], [160, 385]),
    curtailed: route(146, 334, "end", [200, 350], [200, 329], [154, 329]),
    pvcToDc: route(212, 455, "start", [200, 420], [200, 480]),
    emuLoss: route(60, 530, "start", [48, 480], [48, 565]),
    dcToBattery: route(176, 530, "start", [162, 480], [162, 565]),
    wasted: route(268, 557, "middle", [268, 480], [268, 540]),
    converterToDc: route(340, 530, "end", [352, 565], [352, 480]),
    converterLoss: route(232, 680, "end", [322, 635], [322, 675], [240, 675]),
    gridToConverter: route(338, 716, "end", [352, 750], [352, 635]),
  },
  dcLine: [
    [20, 480],
    [385, 480],
  ],
  dcLineText: [20, 470],
};

function route(x: number, y: number, anchor: "start" | "middle" | "end", ...path: Point[]): EdgeLayout {
  return { path, text: [x, y], anchor };
}
