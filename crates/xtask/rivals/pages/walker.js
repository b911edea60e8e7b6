// walkerOS: its collector and browser source, and a destination that sends each event with its own `sendWeb`.
import { startFlow } from "@walkeros/collector";
import { sendWeb } from "@walkeros/web-core";
import { sourceBrowser } from "@walkeros/web-source-browser";

const push = (event) => sendWeb(bench.collector, event, { transport: "fetch" });
startFlow({
  consent: { functional: true, marketing: true },
  sources: { browser: { code: sourceBrowser, config: { settings: { pageview: true } } } },
  destinations: { api: { code: { type: "api", config: {}, push } } },
}).then(({ elb }) => {
  bench.tell = (name, money, item) => elb("product " + name.replaceAll("_", ""), { ...money, ...item });
});
