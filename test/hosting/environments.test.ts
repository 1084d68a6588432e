import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import packageJson from "../../package.json" with { type: "json" };
import { projectFolder } from "../../src/cli/project-folder.ts";
import { communityLimits, deploymentLimits } from "../../src/input/config/limits.ts";

const read = (env?: string) =>
  readWranglerConfig({
    config: join(projectFolder, "wrangler.toml"),
    ...(env === undefined ? {} : { env }),
  }) as unknown as WranglerConfig;

interface WranglerConfig {
  readonly durable_objects: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string }[];
  };
  readonly d1_databases: readonly {
    readonly binding: string;
    readonly migrations_dir: string;
    readonly database_name: string;
  }[];
  readonly name: string;
  readonly ratelimits: readonly {
    readonly name: string;
    readonly namespace_id: string;
    readonly simple: object;
  }[];
  readonly assets: unknown;
  readonly vars: unknown;
  readonly migrations: unknown;
  readonly compatibility_date: unknown;
}

const listEnvironments = () => {
  const text = readFileSync(join(projectFolder, "wrangler.toml"), "utf8");
  return [...new Set([...text.matchAll(/^\[+env\.(\w+)/gm)].map(([, name]) => name))];
};

/** What an environment binds, without what is its own: names of databases and numbers of namespaces. */
function describeBindings(env?: string) {
  const { durable_objects, d1_databases, ratelimits, assets, vars, migrations, compatibility_date } =
    read(env);
  return {
    objects: durable_objects.bindings.map(({ name, class_name }) => [name, class_name]),
    databases: d1_databases.map(({ binding, migrations_dir }) => [binding, migrations_dir]),
    rates: ratelimits.map(({ name, simple }) => [name, simple]),
    assets,
    vars,
    migrations,
    compatibility_date,
  };
}

test("Y16: staging is the only environment, and binds all that production binds, in places of its own", () => {
  const usual = describeBindings();
  expect(usual.objects).toEqual([
    ["COMMUNITY", "Community"],
    ["DIRECTORY", "Directory"],
  ]);
  expect(describeBindings("staging")).toEqual(usual);
  expect(listEnvironments()).toEqual(["staging"]);
  for (const own of [
    ({ name }: WranglerConfig) => name,
    ({ d1_databases }: WranglerConfig) => d1_databases[0]?.database_name,
    ({ ratelimits }: WranglerConfig) => ratelimits.map(({ namespace_id }) => namespace_id).join(),
  ])
    expect(own(read("staging"))).not.toBe(own(read()));
});

test("Y16: the rates of the platform are the limits that are promised", () => {
  const limits = Object.fromEntries(read().ratelimits.map(({ name, simple }) => [name, simple]));
  expect(limits).toEqual({
    COMMUNITY_RATE: { limit: communityLimits.requestsPerMinute.default, period: 60 },
    CLIENT_RATE: { limit: communityLimits.clientRequestsPerMinute.default, period: 60 },
    WRONG_KEY_RATE: { limit: deploymentLimits.wrongKeysPerMinute, period: 60 },
  });
});

test("Y18: the Deploy button describes all that is bound, and asks for the secret", () => {
  const { objects, databases, rates, vars } = describeBindings();
  const secrets = readFileSync(join(projectFolder, ".dev.vars.example"), "utf8").match(/^\w+(?==)/gm) ?? [];
  const bound = [...objects, ...databases, ...rates].map(([name]) => name as string);
  const described = packageJson.cloudflare.bindings;
  expect(Object.keys(described).sort()).toEqual(
    [...bound, ...Object.keys(vars as object), ...secrets].sort(),
  );
  expect(secrets).toEqual(["ADMIN_SECRET"]);
});

test("Y18: the compatibility date stands in wrangler.toml alone", () => {
  const { compatibility_date } = read() as { compatibility_date: string };
  const found = ["src", "scripts", "test"].flatMap((place) =>
    readdirSync(join(projectFolder, place), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .filter((path) => readFileSync(join(projectFolder, place, path), "utf8").includes(compatibility_date)),
  );
  expect(found).toEqual([]);
});
