import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { isAccessToken } from "../../src/hosting/access/access-token.ts";
import { readSessions, signSession, writeCookie } from "../../src/hosting/access/session-cookie.ts";
import { deploymentLimits } from "../../src/input/config/limits.ts";

const nowMs = Date.UTC(2026, 0, 1);
const hoursMs = deploymentLimits.sessionHours * 3_600_000;
const mine = { audience: "community a", secret: "secret of a" };
const cookies = (...tokens: string[]) =>
  new Headers({ cookie: tokens.map((token) => `apis-session=${token}`).join("; ") });

describe("sessions", () => {
  test("Y7: a session tells whose key it was until it expires", async () => {
    const token = await signSession(mine, "hash", nowMs);
    expect(await readSessions(cookies(token), mine, nowMs)).toEqual(["hash"]);
    expect(await readSessions(cookies(token), mine, nowMs + hoursMs - 1000)).toEqual(["hash"]);
    expect(await readSessions(cookies(token), mine, nowMs + hoursMs)).toEqual([]);
  });

  test("Y7: it is good for nothing but its community, beside whatever other cookies there are", async () => {
    const token = await signSession(mine, "hash", nowMs);
    const other = await signSession({ audience: "community b", secret: "secret of b" }, "other", nowMs);
    expect(await readSessions(cookies(other, token), mine, nowMs)).toEqual(["hash"]);
    expect(await readSessions(cookies(token), { ...mine, audience: "community b" }, nowMs)).toEqual([]);
    expect(await readSessions(cookies(token), { ...mine, secret: "secret of b" }, nowMs)).toEqual([]);
  });

  test("Y7: however many other cookies stand before it, a session is found", async () => {
    const token = await signSession(mine, "hash", nowMs);
    const other = await signSession({ ...mine, secret: "another" }, "other", nowMs);
    const junk = Array.from({ length: 1000 }, (_, index) => `junk${index}`);
    const likely = new Array<string>(50).fill(other);
    expect(await readSessions(cookies(...junk, ...likely, "a.b.c", token, ...junk), mine, nowMs)).toEqual([
      "hash",
    ]);
  });

  test("Y7: one that was changed, signed otherwise or never expires is none", async () => {
    const [header, body, signature] = (await signSession(mine, "hash", nowMs)).split(".") as [
      string,
      string,
      string,
    ];
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const endless = await new SignJWT({})
      .setProtectedHeader({ alg: "HS256" })
      .setAudience(mine.audience)
      .setSubject("hash")
      .setIssuedAt(nowMs / 1000)
      .sign(new TextEncoder().encode(mine.secret));
    const forged = [
      `${header}.${encode({ ...claims, exp: claims.exp + 9e6 })}.${signature}`,
      `${encode({ alg: "none" })}.${body}.`,
      `${header}.${body}.`,
      endless,
      "",
      "x",
    ];
    expect(await readSessions(cookies(...forged), mine, nowMs)).toEqual([]);
  });

  test("Y7: the cookie is out of reach of scripts and other sites, and bound to its path", () => {
    expect(writeCookie("t", "/e/a", true)).toBe(
      "apis-session=t; Path=/e/a; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
    );
    expect(writeCookie("", "/", false)).toBe("apis-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
  });
});

describe("Cloudflare Access", () => {
  const team = { issuer: "https://team.cloudflareaccess.com", audience: "tag" };

  async function createTeam() {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" };
    const sign = (claims: { iss?: string; aud?: string; exp?: string | null }) => {
      const { iss = team.issuer, aud = team.audience, exp = "1h" } = claims;
      const token = new SignJWT({})
        .setProtectedHeader({ alg: "RS256", kid: "1" })
        .setIssuer(iss)
        .setAudience(aud);
      return (exp === null ? token : token.setExpirationTime(exp)).sign(privateKey);
    };
    return { sign, keysOf: () => createLocalJWKSet({ keys: [jwk] }) };
  }

  test("Y8: a token of the team for this application is the administrator's", async () => {
    const { sign, keysOf } = await createTeam();
    expect(await isAccessToken(await sign({}), team, keysOf)).toBe(true);
  });

  test("Y8: another issuer, audience, key or time is not, nor any token where no team is configured", async () => {
    const { sign, keysOf } = await createTeam();
    const stranger = await createTeam();
    const symmetric = new SignJWT({ iss: team.issuer, aud: team.audience })
      .setProtectedHeader({ alg: "HS256", kid: "1" })
      .setExpirationTime("1h");
    const wrong = [
      await sign({ iss: "https://other.cloudflareaccess.com" }),
      await sign({ aud: "other" }),
      await sign({ exp: "-1h" }),
      await sign({ exp: null }),
      await stranger.sign({}),
      await symmetric.sign(new Uint8Array(32)),
      "x",
    ];
    for (const token of wrong) expect(await isAccessToken(token, team, keysOf), token).toBe(false);
    const good = await sign({});
    expect(await isAccessToken(good, { issuer: "", audience: "" }, keysOf)).toBe(false);
    expect(await isAccessToken(good, { ...team, audience: "" }, keysOf)).toBe(false);
  });
});
