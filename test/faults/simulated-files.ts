import { dirname } from "node:path";
import { planted } from "./planted.ts";
import type { World } from "./world.ts";

interface Inode {
  content: Buffer;
  /** What the disk is certain to have. */
  synced: Buffer;
}

/** A change of names in folders that the disk may not have yet. */
type Renaming = (names: Map<string, Inode>) => void;

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code, path });
}

/**
 * Files as a disk keeps them: what was not synced may be gone after a power cut, names and content each for itself; an end of
 * the process alone loses nothing. Stands for `node:fs/promises`.
 */
export class SimulatedFiles {
  readonly #world: World;
  readonly #folders = new Set(["/"]);
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  /** In their order; a disk performs a beginning of them. */
  #renamings: Renaming[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** The power goes: what was not synced is uncertain. */
  cutPower(): void {
    const { choose } = this.#world;
    const performed = this.#renamings.slice(0, choose(this.#renamings.length + 1));
    for (const rename of performed) rename(this.#syncedNames);
    this.#renamings = [];
    this.#names = new Map(this.#syncedNames);
    for (const inode of new Set(this.#names.values())) {
      const { content, synced } = inode;
      if (content.equals(synced)) continue;
      const kinds = [
        synced,
        content,
        content.subarray(0, choose(content.length + 1)),
        Buffer.alloc(content.length),
      ];
      inode.content = Buffer.from(kinds[choose(kinds.length)] as Buffer);
      inode.synced = inode.content;
    }
  }

  /** What a file holds, or null. */
  peek(path: string): string | null {
    return this.#names.get(path)?.content.toString("utf8") ?? null;
  }

  /** Removes a file at once. */
  forget(path: string): void {
    this.#rename((names) => names.delete(path));
  }

  async #pass(): Promise<void> {
    await this.#world.delay();
    await this.#world.passWaiting("file");
  }

  #rename(change: Renaming): void {
    change(this.#names);
    this.#renamings.push(change);
  }

  #find(path: string): Inode {
    return this.#names.get(path) ?? fail(this.#folders.has(path) ? "EISDIR" : "ENOENT", path);
  }

  #create(path: string): Inode {
    if (!this.#folders.has(dirname(path))) fail("ENOENT", path);
    const inode = { content: Buffer.alloc(0), synced: Buffer.alloc(0) };
    this.#rename((names) => names.set(path, inode));
    return inode;
  }

  readonly promises = {
    mkdir: async (path: string) => {
      await this.#pass();
      if (this.#names.has(path) || this.#folders.has(path)) fail("EEXIST", path);
      if (!this.#folders.has(dirname(path))) fail("ENOENT", path);
      this.#folders.add(path);
    },
    stat: async (path: string) => {
      await this.#pass();
      const isFolder = this.#folders.has(path);
      const size = isFolder ? 0 : this.#find(path).content.length;
      return { isDirectory: () => isFolder, size };
    },
    readFile: async (path: string, _encoding?: string) => {
      await this.#pass();
      return this.#find(path).content.toString("utf8");
    },
    writeFile: async (path: string, text: string) => {
      await this.#pass();
      const inode = this.#names.get(path) ?? this.#create(path);
      inode.content = Buffer.alloc(0);
      await this.#pass();
      inode.content = Buffer.from(text);
    },
    rename: async (from: string, to: string) => {
      await this.#pass();
      const inode = this.#find(from);
      this.#rename((names) => {
        if (names.get(from) === inode) names.delete(from);
        names.set(to, inode);
      });
    },
    rm: async (path: string, { recursive = false, force = false } = {}) => {
      await this.#pass();
      const below = [...this.#names.keys()].filter((name) => name.startsWith(`${path}/`));
      const isThere = this.#names.has(path) || this.#folders.has(path);
      if (!isThere && !force) fail("ENOENT", path);
      if (this.#folders.has(path) && !recursive) fail("EISDIR", path);
      for (const folder of this.#folders)
        if (folder === path || folder.startsWith(`${path}/`)) this.#folders.delete(folder);
      this.#rename((names) => {
        for (const name of [path, ...below]) names.delete(name);
      });
    },
    open: async (path: string, flags = "r") => {
      await this.#pass();
      if (this.#folders.has(path)) return this.#openFolder();
      const inode = flags === "w" ? (this.#names.get(path) ?? this.#create(path)) : this.#find(path);
      if (flags === "w") inode.content = Buffer.alloc(0);
      return this.#openFile(inode);
    },
  };

  #openFolder() {
    return {
      sync: async () => {
        await this.#pass();
        if (planted.defect === "writes notes that are not on the disk") return;
        for (const rename of this.#renamings) rename(this.#syncedNames);
        this.#renamings = [];
      },
      close: async () => {},
    };
  }

  #openFile(inode: Inode) {
    return {
      read: async (buffer: Buffer, offset: number, length: number, position: number) => {
        await this.#pass();
        const bytesRead = inode.content.copy(buffer, offset, position, position + length);
        return { bytesRead, buffer };
      },
      write: async (bytes: Uint8Array, offset = 0, length = bytes.length - offset, position = 0) => {
        await this.#pass();
        const end = Math.max(inode.content.length, position + length);
        const grown = Buffer.alloc(end);
        inode.content.copy(grown);
        grown.set(bytes.subarray(offset, offset + length), position);
        inode.content = grown;
        return { bytesWritten: length };
      },
      writeFile: async (text: string) => {
        await this.#pass();
        inode.content = Buffer.from(text);
      },
      truncate: async (length: number) => {
        await this.#pass();
        const cut = Buffer.alloc(length);
        inode.content.copy(cut);
        inode.content = cut;
      },
      sync: async () => {
        await this.#pass();
        if (planted.defect === "writes notes that are not on the disk") return;
        inode.synced = Buffer.from(inode.content);
      },
      close: async () => {},
    };
  }
}
