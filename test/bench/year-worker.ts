import { loadInput } from "../../src/input/series/load-input.ts";
import type { World } from "../../src/simulation/world.ts";
import { createYearWorld, passYear, yearHomes } from "./pass-year.ts";

interface Env {
  readonly INPUT: { fetch(url: string): Promise<Response> };
}

let world: World | undefined;

/** Answers `/?years=3` with what the last of three years ends with. Its own clock stands still meanwhile. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    world ??= await loadWorld(env);
    const years = Number(new URL(request.url).searchParams.get("years"));
    let charges = 0;
    for (let year = 0; year < years; year++) charges = passYear(world);
    return Response.json(charges);
  },
};

async function loadWorld(env: Env): Promise<World> {
  const read = async (name: string) => (await env.INPUT.fetch(`http://disk/${name}`)).arrayBuffer();
  const input = await loadInput(
    read,
    Array.from({ length: yearHomes }, (_, home) => home),
    30,
  );
  return createYearWorld(input);
}
