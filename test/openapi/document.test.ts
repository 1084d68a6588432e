import { Validator } from "@seriousme/openapi-schema-validator";
import fc from "fast-check";
import { expect, test } from "vitest";
import { routes } from "../../src/api/http/routes.ts";
import { controlRoutes } from "../../src/hosting/admin/control-routes.ts";
import { variedInput } from "../community/random-requests.ts";
import { createTestEmulator, evenInput } from "../support/emulators.ts";
import { document, findFault, type Operation } from "./answer-checker.ts";

test("O1: the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document) as never);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

test("O2: its paths are the routes that exist, with their methods", () => {
  const records = ["/data/output/summary.csv", "/data/output/indivLog.csv", "/commands", "/live"];
  const templates = routes.map(({ path }) => path.replace(":id", "{id}"));
  const administered = controlRoutes.map(({ path }) => path.replaceAll(/:(\w+)/g, "{$1}"));
  const wanted = new Set([...templates, ...records, ...administered]);
  expect(Object.keys(document.paths).sort()).toEqual([...wanted].sort());
  for (const { method, path, body } of controlRoutes) {
    const operation = document.paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method] as Operation & {
      requestBody?: object;
    };
    expect([typeof operation, operation.requestBody !== undefined], path).toEqual([
      "object",
      body !== undefined,
    ]);
  }
  const chapters = document.tags.map(({ name }) => name);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { tags } of Object.values(operations))
      if (tags !== undefined) expect(chapters, path).toContain(tags[0]);
  }
  for (const route of routes) {
    const { path, changes, kind } = route;
    const isPut = kind === "answer" && (route.put ?? route.upload) !== undefined;
    const methods = Object.keys(document.paths[path.replace(":id", "{id}")] ?? {});
    expect(methods, path).toEqual(
      isPut
        ? ["get", "put"]
        : kind === "body"
          ? ["post"]
          : changes && kind !== "session"
            ? ["get", "post"]
            : ["get"],
    );
  }
});

test("O4: a parameter that need not be given is told with the value that it then has", () => {
  const presets = Object.entries(document.paths).flatMap(([path, { get }]) =>
    ((get as Operation | undefined)?.parameters ?? []).flatMap(({ name, schema }) => {
      const { default: preset } = schema as { default?: unknown };
      return preset === undefined ? [] : [[`${path} ${name}`, preset] as const];
    }),
  );
  expect(Object.fromEntries(presets)).toMatchObject({
    "/forecast hours": 24,
    "/forecast resolution": 3600,
    "/forecast error": "none",
    "/forecast seed": 0,
    "/log level": "DEBUG",
    "/commands format": "json",
    "/data/output/summary.csv format": "csv",
    "/add/unit count": 1,
    "/summary from": 0,
    "/history from": 0,
    "/time/hold claimSeconds": 60,
  });
});

test("O3: what is answered is what the document promises", async () => {
  const tested = createTestEmulator({ acceleration: 1 }, variedInput);
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  tested.wallMs = 2 * 86_400_000;
  const requests: [string, string][] = [
    ["/get/unit/{id}", "/get/unit/E001"],
    ["/get/dcdc/status/{id}", "/get/dcdc/status/E001"],
    ["/get/dcdc/{id}", "/get/dcdc/E002"],
    ["/get/emu/{id}", "/get/emu/E002"],
    ["/set/dcdc/{id}", "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2"],
    ["/set/dcdc/voltage/{id}", "/set/dcdc/voltage/E001?dvg=360"],
    ["/set/dcdc/current/{id}", "/set/dcdc/current/E001?dig=3"],
    ["/set/emu/{id}", "/set/emu/E001?rsoc=50&p2=3&ups_output_voltage=1e9"],
    ["/time/hold", "/time/hold"],
    ["/time/step", "/time/step?seconds=60"],
    ["/time/until", "/time/until?event=dayEnd&latest=300000"],
    ["/get/log", "/get/log"],
    ["/state", "/state"],
    ["/history", "/history?unit=E001"],
    ["/history", "/history"],
    ["/history", "/history?map=rsoc"],
    ["/summary", "/summary"],
    ["/get/acc", "/get/acc"],
    ["/time", "/time"],
    ["/homes", "/homes"],
    ["/set/home/{id}", "/set/home/E001?battery.capacityWh=9600"],
    ["/commands", "/commands"],
    ["/set/dcdc/{id}", "/set/dcdc/E001?mode=9"],
    ["/get/unit/{id}", "/get/unit/E099"],
  ];
  for (const [template, path] of requests) {
    const response = await tested.get(path);
    const contentType = response.headers.get("content-type") as string;
    const fault = findFault(template, "get", response.status, contentType, await response.text());
    expect(fault, path).toBeNull();
  }
});

test("O3: an answer that is not as promised is found", () => {
  expect(findFault("/get/acc", "get", 200, "application/json", '"10"')).not.toBeNull();
  expect(findFault("/get/acc", "get", 418, "application/json", "1")).not.toBeNull();
  expect(
    findFault("/get/acc", "get", 400, "application/json", '{"error":{"code":"odd","message":""}}'),
  ).not.toBeNull();
});

test("O4: a body that has a key of no parameter is refused, as the document says", async () => {
  const tested = createTestEmulator();
  const commands = routes.filter(({ changes, kind }) => changes && kind !== "session");
  for (const { path } of commands) {
    const post = document.paths[path.replace(":id", "{id}")]?.post as Operation & {
      requestBody: { content: Record<string, { schema: object }> };
    };
    for (const { schema } of Object.values(post.requestBody.content))
      expect(schema, path).toMatchObject({ additionalProperties: false });
    const asked = path.replace(":id", path.startsWith("/set/acc") ? "2" : "E001");
    const body = { method: "POST", headers: { "content-type": "application/json" }, body: '{"other":1}' };
    expect((await tested.get(asked, body)).status, path).toBe(400);
  }
});

test("O4: the limits of numbers are those that are enforced", async () => {
  const tested = createTestEmulator({}, { ...evenInput, homes: 100_000 });
  const read = Object.entries(document.paths).filter(([path, { get }]) => get && !path.startsWith("/admin"));
  const limited = read.flatMap(([path, operations]) =>
    (operations.get as Operation).parameters
      .filter(({ schema }) => schema.maximum !== undefined)
      .map((parameter) => ({ path, parameter, others: (operations.get as Operation).parameters })),
  );
  expect(limited.length).toBeGreaterThan(25);
  const simplest = (schema: { enum?: readonly string[]; minimum?: number }) =>
    schema.enum?.[0] ?? String(schema.minimum ?? "E001");
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...limited),
      fc.double({ noNaN: true }),
      fc.boolean(),
      async (one, x, edge) => {
        const { minimum = 0, maximum = 0, type } = one.parameter.schema;
        const value = edge ? (x > 0 ? maximum : minimum) : x;
        const asked = type === "integer" ? Math.round(value) : value;
        const query = one.others
          .filter(
            ({ name, in: place, required }) =>
              place === "query" &&
              (required ||
                name === one.parameter.name ||
                (name === "claim" && one.parameter.name === "claimSeconds")),
          )
          .map(
            (each) =>
              `${each.name}=${each.name === one.parameter.name ? encodeURIComponent(asked) : simplest(each.schema)}`,
          );
        const inPath = one.others.find(({ in: place }) => place === "path");
        const id = one.parameter.in === "path" ? encodeURIComponent(asked) : simplest(inPath?.schema ?? {});
        // A moment, an event, a date, a snapshot or what a kind of fault takes (A67) must be given beside.
        if (
          [
            "/time/until",
            "/time/start",
            "/snapshots/restore",
            "/snapshots/begin",
            "/faults/add",
            "/faults/end",
          ].includes(one.path)
        )
          return;
        // Percentages of a home are in an order with one another.
        if (one.path === "/set/home/{id}" && one.parameter.name.endsWith("Percent")) return;
        // How far back and on a moment is recorded is a matter of when.
        if (one.parameter.name === "timeS") return;
        // How many units may be added, and how much may be told of all, is a matter of how many there are, too.
        if (["/add/unit", "/forecast"].includes(one.path)) await tested.get("/restart?units=1");
        const response = await tested.get(`${one.path.replace("{id}", id)}?${query.join("&")}`);
        expect(response.status, `${one.path} ${one.parameter.name}=${asked}`).toBe(
          asked >= minimum && asked <= maximum ? 200 : 400,
        );
        // The next one finds its claim over.
        if (one.parameter.name === "claimSeconds") tested.wallMs += 3_600_000;
      },
    ),
    { numRuns: 400 },
  );
});
