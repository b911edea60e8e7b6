#!/usr/bin/env node
// `npx polku-copy [FOLDER]`: puts the files that the loader fetches where the site serves them. Files of versions before stay: a page that somebody has open
// may still name them.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL(".", import.meta.url));
const args = process.argv.slice(2);
const [folder = "public/polku"] = args;
if (args.length > 1 || folder.startsWith("-")) {
  console.error("usage: polku-copy [FOLDER]   (public/polku when left out)");
  process.exit(2);
}
const { version, files } = JSON.parse(readFileSync(join(from, "manifest.json"), "utf8"));
const names = Object.keys(files).filter((name) => files[name].served);
mkdirSync(folder, { recursive: true });
// The loader comes last: whoever reads it finds the files that it names.
names.sort((one, other) => /^polku/.test(one) - /^polku/.test(other));
for (const name of names) copyFileSync(join(from, name), join(folder, name));
console.log(`polku ${version}: ${names.length} files in ${resolve(folder)}`);
