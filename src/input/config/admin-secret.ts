const leastCharacters = 20;

/**
 * Says why a deployment may not serve with this secret of its administrator, or null. None is right: then nothing can be
 * administered. However many are tried, the right one is looked at; so it must be beyond guessing.
 */
export function findSecretFault(secret: unknown): string | null {
  if (typeof secret !== "string" || secret === "" || [...secret.trim()].length >= leastCharacters)
    return null;
  return `ADMIN_SECRET is too short; allowed: at least ${leastCharacters} characters (openssl rand -hex 32), or none`;
}
