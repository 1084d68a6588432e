/**
 * Runs a program of this folder, named by its path. Plain JavaScript, so that a Node that cannot read the rest says so
 * in a line.
 */
const least = [22, 18];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < least[0] || (major === least[0] && minor < least[1])) {
  const found = `this is ${process.versions.node} (${process.execPath})`;
  console.error(
    `Node ${least.join(".")} or later is needed; ${found}. npm ci, without --ignore-scripts, brings one`,
  );
  process.exitCode = 1;
} else {
  const [program] = process.argv.splice(2, 1);
  await import(new URL(program, import.meta.url).href);
}
