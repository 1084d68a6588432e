import { placeOf } from "../../input/config/place.ts";
/**
 * The address of the client as the runtime saw it, or null where nothing can be believed. On the platform its
 * edge sets `CF-Connecting-IP`, whatever the client sent; anywhere else that header is only the client's word.
 */
export function clientAddressOf(
  request: { readonly headers: Headers; readonly cf?: object | undefined },
  env: { readonly place?: unknown },
): string | null {
  if (placeOf(env) === "local") return addressIn(peerOf(request));
  return placeOf(env) === "dev" ? null : request.headers.get("cf-connecting-ip");
}

/** `address:port` or `[address]:port`, as the local runtime names its peer; elsewhere null. */
export function peerOf({ cf }: { readonly cf?: object | undefined }): string | null {
  const peer = (cf as { clientIp?: unknown } | undefined)?.clientIp;
  return typeof peer === "string" ? peer : null;
}

function addressIn(peer: string | null): string | null {
  const match = peer === null ? null : /^(?:\[(.+)\]|([^:]+))(?::\d+)?$/.exec(peer);
  return match?.[1] ?? match?.[2] ?? null;
}
