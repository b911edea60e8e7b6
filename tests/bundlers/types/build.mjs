// The types of the packed package, as bundlers and as Node resolve them.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
for (const how of [["--module", "esnext", "--moduleResolution", "bundler"], ["--module", "nodenext", "--moduleResolution", "nodenext"]]) {
  const { status } = spawnSync(process.execPath, [tsc, "--project", ".", ...how], { cwd: import.meta.dirname, stdio: "inherit" });
  if (status) process.exit(status);
}
