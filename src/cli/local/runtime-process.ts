import childProcess, { type ChildProcess, type SpawnOptions } from "node:child_process";

/**
 * Lets the runtime, which Miniflare starts and shows to nobody, live in a process group of its own: Ctrl-C in a
 * terminal reaches the starter alone, which stops it in order. Its command line names the folder that it keeps its
 * state in, by an option that changes nothing else. `onSpawn` is told of each of its processes, until the
 * function is called that is returned.
 */
export function watchRuntime(folder: string, onSpawn: (runtime: ChildProcess) => void): () => void {
  const spawn = childProcess.spawn;
  const spawnApart = (command: string, args: readonly string[], options: SpawnOptions) => {
    const child = spawn(command, [...args, `--import-path=${folder}`], { ...options, detached: true });
    onSpawn(child);
    return child;
  };
  childProcess.spawn = spawnApart as typeof spawn;
  return () => {
    childProcess.spawn = spawn;
  };
}
