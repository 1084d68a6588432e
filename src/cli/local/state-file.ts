import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";

/** Makes a folder with those above it. Node's own way never ends where one can be seen but holds no other, as /proc. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await mkdir(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Writes a file beside the one at `path` and puts it in its place, so that there is always a whole one. It is on the disk
 * then: after a power cut too it is this one or a later one.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  const file = await open(fresh, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** Lets the disk have the names in a folder. Windows opens none, and keeps names by itself. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (process.platform === "win32") return null;
    throw error;
  });
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}

/**
 * The JSON of a file, or null where there is none. One that is not what `schema` says is named by `warn` and left
 * aside under another name.
 */
export async function readNote<S extends v.GenericSchema>(
  path: string,
  schema: S,
  warn: (message: string) => void,
): Promise<v.InferOutput<S> | null> {
  try {
    const text = await readFile(path, "utf8");
    return v.parse(schema, JSON.parse(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    const aside = `${path}.unreadable`;
    const isAside = await rename(path, aside).then(
      () => true,
      () => false,
    );
    warn(`${path} cannot be read and is left aside${isAside ? ` as ${aside}` : ""}`);
    return null;
  }
}
