/** Says in a line why a server cannot start. */
export class StartError extends Error {
  override name = "StartError";
}

/** Why a port cannot be listened on. */
export function describeListenError(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") return `Port ${port} on ${host} is in use; choose another with --port`;
  return `Cannot listen on ${host}, port ${port}: ${error.message}`;
}

/** What the system's codes mean for a file. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "it lies where nothing may be written",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "no space is left in your quota",
  ENOENT: "there is no such file or folder, or it cannot be made there",
  ENOTDIR: "a file stands where a folder belongs",
  EEXIST: "a file stands where a folder belongs",
  EISDIR: "a folder stands where a file belongs",
  EMFILE: "too few files may be open at once (ulimit -n)",
  ENFILE: "too few files may be open at once on this system",
};

/** An error in a line, with what the system means by it. */
export function describeError(error: unknown): string {
  const { code = "", path, message = String(error) } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined) return message.split("\n")[0] as string;
  return path === undefined ? `${reason} (${code})` : `${path}: ${reason} (${code})`;
}
