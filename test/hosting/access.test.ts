import { describe, expect, test } from "vitest";
import { decideAccess, type Identity, type Policy } from "../../src/hosting/access/access.ts";
import { clientNetwork, isAddressRange, isListed } from "../../src/hosting/access/address-list.ts";
import { clientAddressOf } from "../../src/hosting/access/client-address.ts";
import { foreignPage, isBrowser, refuseSender, unknownPage } from "../../src/hosting/access/cross-site.ts";
import { RateCounter } from "../../src/hosting/access/rate-counter.ts";

describe("policies", () => {
  const table: [Policy, Identity, boolean, boolean][] = [
    ["open", "nobody", true, true],
    ["open", "refused", true, true],
    ["open", "member", true, true],
    ["read-open", "nobody", true, false],
    ["read-open", "refused", true, false],
    ["read-open", "member", true, true],
    ["closed", "nobody", false, false],
    ["closed", "refused", false, false],
    ["closed", "member", true, true],
  ];
  test.each(table)("Y4: %s, %s: may read %s, may change %s", (policy, identity, reads, changes) => {
    expect(decideAccess(policy, false, identity) === null).toBe(reads);
    expect(decideAccess(policy, true, identity) === null).toBe(changes);
    for (const refusal of [decideAccess(policy, false, identity), decideAccess(policy, true, identity)])
      expect(refusal?.code ?? "unauthorized").toBe("unauthorized");
  });
});

describe("pages of other origins", () => {
  const origin = "http://a.localhost:4390";
  const from = (headers: Record<string, string>) =>
    refuseSender(new Headers(headers), new URL(`${origin}/set/acc/1`));
  const chromium = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0";
  test.each([
    [{}],
    [{ "sec-fetch-site": "same-origin", origin, referer: `${origin}/#/units` }],
    [{ "sec-fetch-site": "none" }],
    [{ origin }],
    [{ referer: `${origin}/` }],
    // As a proxy with HTTPS passes it on.
    [{ "sec-fetch-site": "same-origin", origin: "https://a.localhost:4390" }],
  ])("Y5: %j is no other origin", (headers) => {
    const given = headers as Record<string, string>;
    expect(from(given)).toBe(null);
    const isSilent = Object.keys(given).length === 0;
    expect(from({ ...given, "user-agent": chromium })).toBe(isSilent ? unknownPage : null);
  });

  test.each([
    [chromium],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Version/15.0 Safari/604.1"],
    ["mozilla/5.0"],
    ["Dillo/3.1.1"],
    ["Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1"],
    ["Links (2.29; Linux x86_64; text)"],
    ["Opera/9.80 (X11; Linux x86_64) Presto/2.12.388 Version/12.16"],
  ])("Y20: %s has to say which page asks", (agent) => {
    expect(from({ "user-agent": agent, accept: "*/*" })).toBe(unknownPage);
    expect(from({ "user-agent": agent, "sec-fetch-site": "none" })).toBeNull();
    expect(isBrowser(new Headers({ "user-agent": agent }))).toBe(true);
  });

  test.each([
    [{}],
    [{ "user-agent": "" }],
    [{ "user-agent": "curl/8.5.0", accept: "*/*" }],
    [{ "user-agent": "python-requests/2.32.3" }],
    [{ "user-agent": "Java/21.0.5", accept: "text/html, image/gif, image/jpeg, */*; q=0.2" }],
    [{ "user-agent": "Linkser/1.0 (Mozilla/5.0 compatible)" }],
    [{ "user-agent": "node", "accept-language": "*", "sec-fetch-mode": "cors" }],
    [{ "user-agent": "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1" }],
  ])("Y20: %j is no browser, and need not say anything", (headers) => {
    const given = headers as Record<string, string>;
    expect([from(given), isBrowser(new Headers(given))]).toEqual([null, false]);
  });

  test("Y3: a page that takes its browser's name away is known by what it cannot take away", () => {
    for (const headers of [
      { "accept-language": "en-GB" },
      { "accept-language": "*" },
      { "accept-language": "" },
      { origin },
      { referer: `${origin}/` },
      { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
    ] as Record<string, string>[])
      expect(isBrowser(new Headers({ "user-agent": "x", ...headers })), JSON.stringify(headers)).toBe(true);
  });

  test.each([
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site" }],
    [{ "sec-fetch-site": "Same-Origin" }],
    [{ origin: "null" }],
    [{ origin: "http://b.localhost:4390" }],
    [{ origin: "http://a.localhost" }],
    [{ origin: "https://a.localhost:4390" }],
    [{ referer: "http://evil.example/http://a.localhost:4390/" }],
    [{ referer: "http://a.localhost:4390.evil.example/" }],
    [{ referer: "about:blank" }],
    [{ referer: "" }],
    [{ "sec-fetch-site": "same-origin", origin: "http://evil.example" }],
  ])("Y5: %j is another origin", (headers) => {
    expect(from(headers as Record<string, string>)).toBe(foreignPage);
  });
});

describe("addresses", () => {
  test("Y6: a client is in the list by IPv4, IPv6 or a mapped address", () => {
    const ranges = ["192.0.2.0/24", "203.0.113.7", "2001:db8::/32"];
    for (const address of ["192.0.2.9", "203.0.113.7", "2001:db8:1::5", "::ffff:192.0.2.9"])
      expect(isListed(address, ranges), address).toBe(true);
    for (const address of ["192.0.3.1", "203.0.113.8", "2001:db9::1", "::1", "", "x", "192.0.2.9, 1.1.1.1"])
      expect(isListed(address, ranges), address).toBe(false);
    expect(isListed("192.0.2.9", [])).toBe(false);
    expect(isListed("10.0.0.1", ["0.0.0.0/0"])).toBe(true);
    expect(isListed("2001:db8::1", ["0.0.0.0/0"])).toBe(false);
  });

  test("Y6: an IPv4 address or range that is written as mapped into IPv6 lets in the same clients", () => {
    for (const range of [
      "::ffff:192.0.2.0/120",
      "::ffff:c000:200/120",
      "::FFFF:192.0.2.9",
      "::ffff:0:0/96",
    ]) {
      expect(isAddressRange(range), range).toBe(true);
      for (const address of ["192.0.2.9", "::ffff:192.0.2.9"])
        expect(isListed(address, [range]), `${address} in ${range}`).toBe(true);
      expect(isListed("2001:db8::1", [range]), range).toBe(false);
    }
    expect(isListed("192.0.3.9", ["::ffff:192.0.2.0/120"])).toBe(false);
    expect(isAddressRange("::ffff:192.0.2.0/129")).toBe(false);
    expect(isAddressRange(`::ffff:${"0".repeat(100_000)}`)).toBe(false);
  });

  test("Y6: only what is written out is a range", () => {
    for (const text of ["10.0.0.0/8", "10.1.2.3", "::/0", "fe80::1"])
      expect(isAddressRange(text), text).toBe(true);
    for (const text of [
      "",
      "10",
      "10.1",
      "010.0.0.1",
      "0x7f.1",
      "10.0.0.0/33",
      "::/129",
      "a.example",
      "fe80::1%eth0",
    ])
      expect(isAddressRange(text), text).toBe(false);
  });

  test("Y6: no header but the platform's own names the client, and that nowhere else", () => {
    const forged = {
      "cf-connecting-ip": "192.0.2.9",
      "x-forwarded-for": "192.0.2.8",
      "x-real-ip": "192.0.2.7",
    };
    const request = (clientIp?: string) => ({ headers: new Headers(forged), cf: { clientIp } });
    expect(clientAddressOf(request(), {})).toBe("192.0.2.9");
    expect(clientAddressOf(request(), { place: "dev" })).toBeNull();
    expect(clientAddressOf(request("[::ffff:127.0.0.1]:60012"), { place: "local" })).toBe("::ffff:127.0.0.1");
    expect(clientAddressOf(request("127.0.0.1:60012"), { place: "local" })).toBe("127.0.0.1");
    expect(clientAddressOf(request(), { place: "local" })).toBeNull();
  });

  test("Y9: clients are counted by IPv4 address or IPv6 network", () => {
    expect(clientNetwork("::ffff:192.0.2.9")).toBe("192.0.2.9");
    expect(clientNetwork("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(clientNetwork("2001:db8:1:2::9")).toBe("2001:db8:1:2::/64");
    expect(clientNetwork("nobody knows")).toBe("unknown");
  });

  test("Y9: a rate counts within a minute of the clock, by key", () => {
    const counter = new RateCounter();
    expect([counter.add("a", 0), counter.add("a", 59_999), counter.add("b", 59_999)]).toEqual([1, 2, 1]);
    expect([counter.count("a", 60_000), counter.add("a", 60_000), counter.count("b", 60_000)]).toEqual([
      0, 1, 0,
    ]);
  });
});
