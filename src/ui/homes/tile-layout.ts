/** How much a tile shows: a home with its numbers, a home, or several homes together. */
type TileKind = "large" | "small" | "group";

export interface TileLayout {
  readonly kind: TileKind;
  /** Homes of a tile. */
  readonly homes: number;
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly width: number;
  readonly height: number;
}

const gap = 10;
/** Room below each row of tiles for what flows to and from the bus. */
export const stubHeight = 26;
const mostLarge = 24;
const mostSmall = 120;
/** Tiles when each is several homes. */
const mostGroups = 48;
const largeWidth = 150;

const sizes: Readonly<Record<TileKind, { readonly width: number; readonly height: number }>> = {
  large: { width: largeWidth, height: 104 },
  small: { width: 58, height: 52 },
  group: { width: 128, height: 84 },
};

/** Places `count` homes in rows of `width` pixels; too many to be told apart are put together, as many in each tile. */
export function layOutTiles(count: number, width: number): TileLayout {
  const kind: TileKind = count <= mostLarge ? "large" : count <= mostSmall ? "small" : "group";
  const homes = kind === "group" ? Math.ceil(count / mostGroups) : 1;
  const tiles = Math.max(1, Math.ceil(count / homes));
  const size = sizes[kind];
  const fitting = Math.max(1, Math.floor((width + gap) / (size.width + gap)));
  // Rows are as even as they can be.
  const rows = Math.ceil(tiles / fitting);
  const columns = Math.ceil(tiles / rows);
  const tileWidth = Math.min(2.5 * size.width, (width - (columns - 1) * gap) / columns);
  const { height: tileHeight } = size;
  return {
    kind,
    homes,
    columns,
    tileWidth,
    tileHeight,
    width,
    height: rows * rowHeight(tileHeight),
  };
}

export function placeTile(
  { columns, tileWidth, tileHeight }: TileLayout,
  index: number,
): { x: number; y: number } {
  const x = (index % columns) * (tileWidth + gap);
  return { x, y: Math.floor(index / columns) * rowHeight(tileHeight) };
}

function rowHeight(tileHeight: number): number {
  return tileHeight + stubHeight + 6;
}
