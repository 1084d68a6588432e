/** Says in a line why a server cannot start. */
export class StartError extends Error {
  override name = "StartError";
}

/** Why a port cannot be listened on. */
export function describeListenError(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") return `Port ${port} on ${host} is in use; choose another with --port`;
  return `Cannot listen on ${host}, port ${port}: ${error.message}`;
}
