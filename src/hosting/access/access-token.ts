import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";

/** Which tokens of Cloudflare Access are the administrator's. */
interface AccessTeam {
  /** `https://TEAM.cloudflareaccess.com` */
  readonly issuer: string;
  /** The application's audience tag. */
  readonly audience: string;
}

/** Whether Cloudflare Access signed this token for this application; never where no team is configured. */
export async function isAccessToken(
  token: string,
  team: AccessTeam,
  keysOf: (team: AccessTeam) => JWTVerifyGetKey = fetchedKeys,
): Promise<boolean> {
  if (!team.issuer.startsWith("https://") || team.audience === "") return false;
  const expected = { ...team, algorithms: ["RS256", "ES256"], requiredClaims: ["exp"] };
  return jwtVerify(token, keysOf(team), expected).then(
    () => true,
    () => false,
  );
}

const fetched = new Map<string, JWTVerifyGetKey>();

/** The team's public keys, which jose fetches when it needs them. */
function fetchedKeys({ issuer }: AccessTeam): JWTVerifyGetKey {
  const keys = fetched.get(issuer) ?? createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`));
  fetched.set(issuer, keys);
  return keys;
}
