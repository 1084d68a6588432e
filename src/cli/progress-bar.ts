const width = 30;

/**
 * Shows in a terminal how far `work` is, as shares from 0 to 1 that it tells. Work that tells nothing shows nothing.
 */
export async function showProgress<T>(
  what: string,
  work: (onProgress: (share: number) => void) => Promise<T>,
): Promise<T> {
  const { stderr } = process;
  let isShown = false;
  const show = (share: number) => {
    if (!stderr.isTTY) return;
    const done = Math.round(width * share);
    stderr.write(`\r${what} [${"#".repeat(done)}${".".repeat(width - done)}] ${Math.round(100 * share)} %`);
    isShown = true;
  };
  try {
    return await work(show);
  } finally {
    if (isShown) stderr.write("\n");
  }
}
