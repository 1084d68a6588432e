import { expect, test } from "vitest";
import { findUrlFault } from "../../src/input/config/database-url.ts";
import { ConfigError, readConfig } from "../../src/input/config/read-config.ts";

test.each([
  "http://example.org/",
  "ftp://example.org/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "https://localhost/",
  "https://localhost./",
  "https://intranet/",
  "https://db.internal/",
  "https://a.localhost/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://0x7f000001/",
  "https://2130706433/",
  "https://10.0.0.1/",
  "https://172.16.3.4/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://0.0.0.0/",
  "https://[::1]/",
  "https://[::]/",
  "https://[fe80::1]/",
  "https://[fd00::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://224.0.0.1/",
  "https://user:word@example.org/",
  "example.org",
])("K8: a hosted community posts nothing to %s", (url) => {
  expect(findUrlFault(url, false)).not.toBeNull();
  expect(() => readConfig({ dburl: url })).toThrow(ConfigError);
});

test("K8: a hosted community may post to a public https address, a local server anywhere", () => {
  expect(findUrlFault("https://example.org/readings?of=me", false)).toBeNull();
  expect(findUrlFault("https://[2606:4700::1111]/", false)).toBeNull();
  expect(findUrlFault("https://1.1.1.1:8443/", false)).toBeNull();
  expect(findUrlFault("http://127.0.0.1:8086/", true)).toBeNull();
  expect(findUrlFault("http://user:word@127.0.0.1/", true)).not.toBeNull();
  expect(findUrlFault("ftp://127.0.0.1/", true)).not.toBeNull();
});

test("K8: without an address it is the database that is bound, locally too", () => {
  for (const isLocal of [true, false])
    expect(readConfig({ saveIndividualToDB: true }, isLocal).dburl).toBe("");
  expect(() => readConfig({ dburl: "x", place: "local" })).toThrow(/^dburl is "x"/);
});
