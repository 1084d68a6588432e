import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLoopback, isOwnHost, readAddress } from "../../src/hosting/directory/community-address.ts";
import { isCommunityName } from "../../src/hosting/directory/community-name.ts";

const read = (address: string) => readAddress(new URL(address), "energy.example");
const nameIn = (address: string) => {
  const read_ = read(address);
  return read_.kind === "community" ? read_.name : read_.kind;
};

describe("what an address means", () => {
  test.each([
    ["http://energy.example/get/log", "default", "", "/get/log"],
    ["http://192.0.2.1:4390/get/log", "default", "", "/get/log"],
    ["http://a.energy.example/get/log", "a", "", "/get/log"],
    ["http://A.Energy.Example./", "a", "", "/"],
    ["http://energy.example/e/a/get/log", "a", "/e/a", "/get/log"],
    ["http://192.0.2.1/e/a/", "a", "/e/a", "/"],
    ["http://b.energy.example/e/a/get/log", "a", "/e/a", "/get/log"],
    ["http://energy.example/e/a", "a", "/e/a", ""],
    ["http://energy.example/e/a//x", "a", "/e/a", "//x"],
    ["http://a.energy.example/admin", "a", "", "/admin"],
    ["http://energy.example/administrator", "default", "", "/administrator"],
  ])("Y1: %s is community %s", (address, name, base, pathname) => {
    expect(read(address)).toEqual({ kind: "community", name, base, pathname });
  });

  test.each([
    "http://a.b.energy.example/",
    "http://xn--80ak6aa92e.energy.example/",
    "http://-a.energy.example/",
    "http://ab--c.energy.example/",
    "http://energy.example/e/",
    "http://energy.example/e//get/log",
    "http://energy.example/e/A/get/log",
    "http://energy.example/e/a%2fb/get/log",
    "http://energy.example/e/%61/get/log",
    "http://energy.example/e/a.b/get/log",
    `http://energy.example/e/${"a".repeat(64)}/get/log`,
  ])("Y1: %s is nothing", (address) => {
    expect(read(address)).toEqual({ kind: "nothing" });
  });

  test("Y1: the control plane is at the bare host only", () => {
    expect(read("http://energy.example/admin/api/communities").kind).toBe("control");
    expect(read("http://192.0.2.1/admin").kind).toBe("control");
    for (const other of ["http://a.energy.example/admin/api/communities", "http://energy.example/e/a/admin"])
      expect(nameIn(other)).toBe("a");
  });

  test("Y2: dots and encoded signs lead to no community but the one whose address remains", () => {
    expect(nameIn("http://energy.example/e/a/../b/get/log")).toBe("b");
    expect(nameIn("http://energy.example/e/a/%2e%2e/b/get/log")).toBe("b");
    expect(nameIn("http://energy.example/e/a\\..\\b\\get")).toBe("b");
    expect(nameIn("http://energy.example/e/a/..%2fb/get/log")).toBe("a");
    expect(nameIn("http://energy.example/e/a/%2e%2e%2fb")).toBe("a");
    expect(nameIn("http://energy.example/x/..%2fadmin")).toBe("default");
  });

  test("Y2: whatever follows, a name in the path is the community or nothing", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,20}$/), fc.webPath(), (name, path) => {
        const normal = new URL(`http://energy.example/e/${name}/x${path}`);
        const before = new URL(`http://energy.example/e/${name}/x`).pathname;
        fc.pre(normal.pathname.startsWith(before));
        expect(nameIn(normal.href)).toBe(isCommunityName(name) ? name : "nothing");
      }),
    );
  });
});

describe("names", () => {
  test("Y1: a name is a lower-case DNS label that reads the same everywhere", () => {
    for (const name of ["a", "0", "a-b", "a1", "x".repeat(63), "default"])
      expect(isCommunityName(name)).toBe(true);
    const wrong = ["", "A", "a_b", "a.b", "-a", "a-", "xn--a", "ab--c", "é", "а", "a b", "a\n", "__proto__"];
    for (const name of [...wrong, "x".repeat(64)]) expect(isCommunityName(name), name).toBe(false);
  });
});

describe("hosts of a local server", () => {
  const own = { baseDomain: "Energy.example", names: ["Lab.Example", "pi.example.org", ""] };

  test("Y3: it is known by hosts that nobody can have pointed here, and by those that were given", () => {
    const served = [
      "localhost",
      "a.localhost",
      "127.0.0.1",
      "[::1]",
      "pi",
      "pi.local",
      "host.docker.internal",
    ];
    const given = ["energy.example", "a.energy.example", "lab.example", "lab.example.", "pi.example.org"];
    for (const end of ["local", "lan", "internal", "test", "home.arpa"]) served.push(end, `a.b.${end}`);
    for (const host of [...served, ...given]) expect(isOwnHost(host, own), host).toBe(true);
    const foreign = [
      "evil.example",
      "localhost.evil.example",
      "notenergy.example",
      "127.0.0.1.nip.io",
      "a.lab.example",
      "xlab.example",
      "evil.example.",
      "arpa.example",
      "evil.arpa",
      "mylocal.example",
      "evil.nolocal",
    ];
    for (const host of foreign) expect(isOwnHost(host, own), host).toBe(false);
    expect(["127.0.0.1", "127.1.2.3", "::1", "localhost"].map(isLoopback)).toEqual(new Array(4).fill(true));
    expect(["0.0.0.0", "::", "192.0.2.1"].map(isLoopback)).toEqual(new Array(3).fill(false));
  });
});
