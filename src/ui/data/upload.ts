import { ApiError, addressOf, readError } from "../live/api.ts";
import type { Uploaded } from "./data-types.ts";

/**
 * Sends files to `/data`, and tells how much of them is sent, from 0 to 1; a fetch does not say that.
 * @throws ApiError
 */
export function uploadFiles(
  files: readonly File[],
  options: Readonly<Record<string, string>>,
  onProgress: (share: number) => void,
): Promise<Uploaded> {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  const query = new URLSearchParams(options).toString();
  const request = new XMLHttpRequest();
  request.open("PUT", addressOf(query === "" ? "/data" : `/data?${query}`));
  request.setRequestHeader("accept", "application/json");
  request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
  const unreachable = () => new ApiError("unreachable", `HTTP ${request.status}`, { isCommand: true });
  return new Promise((resolve, reject) => {
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status === 200 && body !== undefined) resolve(body as Uploaded);
      else reject(readError(body, { isCommand: true, sent: options }) ?? unreachable());
    };
    for (const name of ["error", "abort", "timeout"] as const)
      request.addEventListener(name, () => reject(unreachable()));
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
