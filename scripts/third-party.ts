import { readFile, writeFile } from "node:fs/promises";

/** What a lock file says of one package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

const folder = new URL("../", import.meta.url);

/** For development by its place in package.json, but served as it is by what is built. */
const builtIn = ["node_modules/swagger-ui-dist"];

/** The packages that come with an installation, with their licences, as `THIRD-PARTY.md` lists them. */
export async function listThirdParty(): Promise<string> {
  const { packages } = JSON.parse(await readFile(new URL("package-lock.json", folder), "utf8")) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const rows = Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && (dev !== true || builtIn.includes(path)))
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return `| ${name} | ${version} | ${license ?? "see the package"} |`;
    });
  return `# Packages of others

What an installation brings along, from \`package-lock.json\` by \`npm run third-party\`. Some are for one system only.

| Package | Version | Licence |
|---|---|---|
${[...new Set(rows)].sort().join("\n")}
`;
}

if (import.meta.main) await writeFile(new URL("THIRD-PARTY.md", folder), await listThirdParty());
