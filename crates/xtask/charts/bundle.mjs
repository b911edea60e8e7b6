// Makes www/map/lib/d3.js and the licences beside it. `ESBUILD` names esbuild where it is not on the PATH.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const out = new URL("../../../www/map/lib/", import.meta.url);
const made = execFileSync(process.env.ESBUILD ?? "esbuild", ["d3.js", "--bundle", "--format=esm", "--minify", "--legal-comments=none", "--charset=utf8"],
  { cwd: new URL(".", import.meta.url), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1e8 });
const lock = JSON.parse(readFileSync(new URL("package-lock.json", import.meta.url)));
const names = Object.keys(lock.packages).filter((path) => path.startsWith("node_modules/")).map((path) => path.slice(13)).sort();
const head = names.map((name) => `${name} ${lock.packages[`node_modules/${name}`].version}`);
writeFileSync(new URL("d3.js", out), `// ${head.join(", ")}. Licences: licences.txt. Made by crates/xtask/charts/bundle.mjs; not edited.\n${made}`);
writeFileSync(new URL("licences.txt", out), names.map((name, at) =>
  `${head[at]} (${lock.packages[`node_modules/${name}`].license})\n\n${readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8").trim()}\n`).join("\n\n"));
