import { join } from "node:path";
import { expect, test } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
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
  readonly ratelimits: readonly { readonly name: string; readonly simple: object }[];
  readonly assets: unknown;
  readonly vars: unknown;
  readonly migrations: unknown;
  readonly compatibility_date: unknown;
}

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

test("Y16: staging and production bind all that the deployment without an environment binds", () => {
  const usual = describeBindings();
  expect(usual.objects).toEqual([
    ["COMMUNITY", "Community"],
    ["DIRECTORY", "Directory"],
  ]);
  expect(describeBindings("staging")).toEqual(usual);
  expect(describeBindings("production")).toEqual(usual);
  const databases = ["staging", "production"].map((env) => read(env).d1_databases[0]?.database_name);
  expect(new Set(databases).size).toBe(2);
});

test("Y16: the rates of the platform are the limits that are promised", () => {
  const limits = Object.fromEntries(read("production").ratelimits.map(({ name, simple }) => [name, simple]));
  expect(limits).toEqual({
    COMMUNITY_RATE: { limit: communityLimits.requestsPerMinute.default, period: 60 },
    CLIENT_RATE: { limit: communityLimits.clientRequestsPerMinute.default, period: 60 },
    WRONG_KEY_RATE: { limit: deploymentLimits.wrongKeysPerMinute, period: 60 },
  });
});
