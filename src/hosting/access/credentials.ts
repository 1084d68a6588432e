import * as v from "valibot";

const allowedKeyNames = "1 to 63 of A–Z, a–z, 0–9, dots, hyphens and underscores";

/** A key as it is kept: the key itself is known to its holder only. */
export const storedKeySchema = v.object({
  name: v.pipe(v.string(allowedKeyNames), v.regex(/^[\w.-]{1,63}$/, allowedKeyNames)),
  /** SHA-256, in hexadecimal digits. */
  hash: v.string(),
  createdMs: v.number(),
});
export type StoredKey = Readonly<v.InferOutput<typeof storedKeySchema>>;

/** An invitation as it is kept: who comes with it gets a key of its name, once. */
export const storedInvitationSchema = v.object({ ...storedKeySchema.entries, endMs: v.number() });
export type StoredInvitation = Readonly<v.InferOutput<typeof storedInvitationSchema>>;

/** Workers compare in constant time; Web Crypto elsewhere does not know it. */
const subtle = crypto.subtle as SubtleCrypto & { timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean };

/** A new secret of 256 random bits. */
export function createSecret(): string {
  return writeHex(crypto.getRandomValues(new Uint8Array(32)));
}

export async function hashSecret(secret: string): Promise<string> {
  return writeHex(new Uint8Array(await subtle.digest("SHA-256", encode(secret))));
}

/** The key that `secret` is, if any. The time this takes says nothing of the keys. */
export async function findKey<K extends StoredKey>(secret: string, keys: readonly K[]): Promise<K | null> {
  const given = encode(await hashSecret(secret));
  let found: K | null = null;
  for (const key of keys) {
    if (subtle.timingSafeEqual(given, encode(key.hash))) found = key;
  }
  return found;
}

/** Whether two secrets are equal, in a time that says nothing of either. */
export async function equalsSecret(given: string, secret: string): Promise<boolean> {
  return subtle.timingSafeEqual(encode(await hashSecret(given)), encode(await hashSecret(secret)));
}

/** What follows `Bearer` in the Authorization header, or null. */
export function bearerOf(headers: Headers): string | null {
  return /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

function writeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
