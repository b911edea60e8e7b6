import { copyFileSync } from "node:fs";
import { join } from "node:path";
import webpack from "webpack";

const here = import.meta.dirname;
const config = { mode: "production", context: here, entry: "./main.js", output: { path: join(here, "out"), filename: "main.js" } };
webpack(config, (error, stats) => {
  // A warning is one for whoever builds a shop, too.
  if (error || stats.hasErrors() || stats.hasWarnings()) {
    console.error(error || stats.toString({ all: false, errors: true, warnings: true }));
    process.exit(1);
  }
  copyFileSync(join(here, "public.html"), join(here, "out/index.html"));
});
