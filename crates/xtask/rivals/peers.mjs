// node peers.mjs <options as JSON>: measures Polku and its peers in one interleaved run, on the same page in Chromium. Prints what it found as JSON, and what it does
// meanwhile on stderr. Everything is on this machine: the pages, a collector that answers and fails as it is told, chromedriver.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";

const { bundles, chrome, chromedriver, faults: wanted, packageDir, rounds } = JSON.parse(process.argv[2]);
/** Who follows the path, and who asks. The first is the page without anybody. */
const TRACKERS = ["nobody", "polku", "posthog", "snowplow", "walker"];
const ASKERS = ["polku", "formbricks"];
/** Events of a burst, and of a visit that tells 20 a second. */
const BURST = 100;
const TOLD = 60;
/** How long a page is left alone until it has started, in ms. */
const START = 3000;
const sleep = (ms) => new Promise((go) => setTimeout(go, ms));
const say = (text) => process.stderr.write(text + "\n");
const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** One listener on a port that stays its own when it comes back. */
async function listen(handle, port = 0) {
  const server = createServer(handle);
  await new Promise((go, fail) => server.once("error", fail).listen(port, "127.0.0.1", go));
  return { server, port: server.address().port };
}

/** A collector that takes events, or fails as `mode` says; it counts by the marks in what it took. */
class Collector {
  taken = [];
  bytes = 0;
  mode = "";

  async start() {
    const { server, port } = await listen((request, response) => this.take(request, response), this.port);
    Object.assign(this, { server, port, address: `http://127.0.0.1:${port}/v1/batch` });
    return this;
  }

  take(request, response) {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
      response.setHeader("access-control-allow-credentials", "true");
      response.setHeader("access-control-expose-headers", "retry-after, accept-encoding");
      // As `polku serve` says it (RFC 7694): who reads it may pack what it sends. PostHog packs without being told.
      response.setHeader("accept-encoding", "gzip");
      if (request.method === "OPTIONS") {
        response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
        response.setHeader("access-control-allow-methods", "POST, GET");
        return response.writeHead(204).end();
      }
      const text = this.read(body) + decodeURIComponent(request.url);
      const status = this.mode === "413" ? (body.length > 4096 ? 413 : 200) : Number(this.mode || 200);
      if (status === 429) response.setHeader("retry-after", "5");
      const marks = [...new Set(text.match(/mk\d+kk/g))];
      if (status === 200) {
        this.taken.push(...marks);
        if (marks.length) this.bytes += body.length;
      }
      response.writeHead(status, { "content-type": "application/json" });
      response.end(status === 200 ? JSON.stringify({ accepted: marks.length, duplicate: 0, rejected: [], status: 1 }) : "");
    });
  }

  /** As text, whatever it was packed in. */
  read(body) {
    try {
      return gunzipSync(body).toString();
    } catch {
      return body.toString();
    }
  }

  /** How many events came exactly once, more often, and never. */
  counted(of) {
    const times = Map.groupBy ? Map.groupBy(this.taken, (mark) => mark) : this.taken.reduce((map, mark) => map.set(mark, [...(map.get(mark) ?? []), mark]), new Map());
    const counts = [...times.values()].map(({ length }) => length);
    const once = counts.filter((count) => count === 1).length;
    return [once, counts.length - once, of - counts.length];
  }

  /** Nobody is there any more: also those who are connected are cut off. */
  stop() {
    this.server.closeAllConnections();
    return new Promise((go) => this.server.close(go));
  }
}

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".txt": "text/plain" };
/** The page: a shelf of products, the same for all. */
const page = (name, collector, more) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,"><script>
window.bench = { collector: ${JSON.stringify(collector)}, tell() {}, told: 0, long: 0 };
new PerformanceObserver((list) => { for (const one of list.getEntries()) bench.long += Math.max(0, one.duration - 50); }).observe({ type: "longtask", buffered: true });
const NAMES = ["view_item", "add_to_cart", "view_cart", "begin_checkout", "add_payment_info"];
const item = (nth) => ({ item_id: "mk" + nth + "kk", item_name: "Roast of the day, number " + (nth % 17), affiliation: "Kahvikauppa online", coupon: "AUTUMN", discount: 2.22, index: nth % 8, item_brand: "Paahtimo", item_category: "Coffee", item_category2: "Beans", item_category3: "Dark", item_category4: "Organic", item_category5: "500 g", item_list_id: "related", item_list_name: "Related products", item_variant: "whole", location_id: "HEL-kauppa-17", price: 30.01 + nth, quantity: 1 + (nth % 3) });
bench.one = () => { const nth = bench.told++; bench.tell(NAMES[nth % 5], { currency: "EUR", value: 30.03 + nth }, item(nth)); };
bench.burst = (number) => { for (let nth = 0; nth < number; nth++) bench.one(); };
bench.go = (number) => { const timer = setInterval(() => { bench.one(); if (bench.told === number) clearInterval(timer); }, 50); };
</script>${more}</head><body><h1>A shop</h1><main>${Array.from({ length: 200 }, (_, nth) => `<article><h2>Thing ${nth}</h2><p>${nth}.90 €</p><button type="button">Add</button></article>`).join("")}</main></body></html>`;
const PROMPT = { v: 1, id: "peers", locales: ["en"], steps: [
  { id: "nps", ask: "nps", text: { en: "How likely are you to recommend us?" } },
  { id: "why", ask: "text", text: { en: "What could we do better?" } },
] };

/** The shop: each tracker's page tells the collector that is named in its address. */
async function shop() {
  const { server, port } = await listen((request, response) => {
    const url = new URL(request.url, "http://shop");
    const [, kind, name] = url.pathname.split("/");
    const send = (type, body) => response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
    try {
      if (kind === "polku" && name) return send(TYPES[extname(name)] ?? "text/plain", readFileSync(join(packageDir, name)));
      if (kind === "b") return send("text/javascript", readFileSync(join(bundles, name)));
      if (kind === "prompts.json") return send("application/json", JSON.stringify([PROMPT]));
      if (kind === "empty") return send("text/html", "<!doctype html><title>Empty</title>");
    } catch {
      return response.writeHead(404).end();
    }
    const collector = url.searchParams.get("to");
    const asks = url.searchParams.has("asks") ? ' data-prompts="/prompts.json"' : "";
    const tag = { nobody: "", polku: `<script src="/b/polku.js"></script><script async src="/polku/polku.js" data-key="pk_bench" data-collector="${collector}"${asks}></script>` }[kind];
    return send("text/html; charset=utf-8", page(kind, collector, tag ?? `<script defer src="/b/${kind}.js"></script>`));
  });
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** A browser of its own, by chromedriver's protocol. */
class Browser {
  static async start(driver) {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-extensions", "--window-size=1280,900", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"];
    const browser = new Browser();
    browser.root = driver;
    const { sessionId } = await browser.ask("POST", "", { capabilities: { alwaysMatch: { "goog:chromeOptions": { binary: chrome, args } } } });
    browser.session = "/" + sessionId;
    return browser;
  }

  async ask(method, path, body) {
    const response = await fetch(`${this.root}/session${this.session ?? ""}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  }

  open = (url) => this.ask("POST", "/url", { url });
  /** A script of the page; where the page is slow to come, once it has. */
  run = (script) => this.ask("POST", "/execute/sync", { script, args: [] });
  cdp = (cmd, params = {}) => this.ask("POST", "/goog/cdp/execute", { cmd, params });
  quit = () => this.ask("DELETE", "");

  /** In a tab of its own, after which the others are closed as a shopper closes them. */
  async closeTab() {
    const [old] = await this.ask("GET", "/window/handles");
    const { handle } = await this.ask("POST", "/window/new", { type: "tab" });
    await this.ask("POST", "/window", { handle: old });
    await this.run(`bench.burst(${BURST})`);
    await this.ask("DELETE", "/window");
    await this.ask("POST", "/window", { handle });
  }

  /** How long the page's main thread has computed, in ms of its own clock, and its heap in kB. */
  async computed() {
    const { metrics } = await this.cdp("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { task: of("TaskDuration") * 1e3, script: of("ScriptDuration") * 1e3 };
  }
}

async function drive() {
  const child = spawn(chromedriver, ["--port=0"], { stdio: ["ignore", "pipe", "ignore"] });
  const port = await new Promise((go) => {
    let told = "";
    child.stdout.on("data", (text) => {
      const found = /started successfully on port (\d+)/.exec((told += text));
      if (found) go(found[1]);
    });
  });
  return { child, address: `http://127.0.0.1:${port}` };
}

/** One visit: what a page costs to start, and then for each event. */
async function visit(driver, site, name) {
  const collector = await new Collector().start();
  const browser = await Browser.start(driver);
  try {
    await browser.open(site.origin + "/empty");
    await browser.cdp("Performance.enable", { timeDomain: "threadTicks" });
    const before = await browser.computed();
    await browser.open(`${site.origin}/${name}?to=${encodeURIComponent(collector.address)}`);
    await sleep(START);
    const started = await browser.computed();
    await browser.run(`bench.go(${TOLD})`);
    await sleep(TOLD * 50 + 7000);
    const ended = await browser.computed();
    const told = await browser.run("return bench.told");
    if (told !== TOLD) throw new Error(`${name}: the page is slower than its clock: ${told} events were told`);
    const [once, twice] = collector.counted(TOLD);
    if (name !== "nobody" && once + twice < TOLD * 0.9) throw new Error(`${name}: ${once + twice} of ${TOLD} events arrived`);
    // What the browser counts begins anew with the page's process, or goes on: the same for all.
    return { start: started.task - before.task, script: started.script - before.script, event: ((ended.task - started.task) * 1e3) / TOLD, wire: collector.bytes / TOLD };
  } finally {
    await browser.quit();
    await collector.stop();
  }
}

/** How long tasks of more than 50 ms block a page that starts on a machine `rate` times slower, and what that costs. */
async function blocking(driver, site, name, rate) {
  const collector = await new Collector().start();
  const browser = await Browser.start(driver);
  try {
    await browser.open(site.origin + "/empty");
    await browser.cdp("Emulation.setCPUThrottlingRate", { rate });
    await browser.open(`${site.origin}/${name}?to=${encodeURIComponent(collector.address)}`);
    await sleep(START + 1000 * rate);
    return await browser.run("return bench.long");
  } finally {
    await browser.quit();
    await collector.stop();
  }
}

/** What it costs until a prompt is shown, on a page that has started. */
async function asked(driver, site, name) {
  const collector = await new Collector().start();
  const browser = await Browser.start(driver);
  try {
    await browser.open(site.origin + "/empty");
    await browser.cdp("Performance.enable", { timeDomain: "threadTicks" });
    // Both have to fetch what draws the prompt, and that is part of what is counted.
    await browser.open(`${site.origin}/${name === "polku" ? "polku" : "nobody"}?asks&to=${encodeURIComponent(collector.address)}`);
    await sleep(START);
    const before = await browser.computed();
    if (name === "polku") await browser.run("bench.open()");
    else await browser.run(`const script = document.createElement("script"); script.src = "/b/${name}.js"; script.onload = () => bench.open(); document.head.append(script)`);
    await sleep(2500);
    const after = await browser.computed();
    if (!(await browser.run("return bench.shown()"))) throw new Error(`${name}: no prompt was shown`);
    return { task: after.task - before.task, script: after.script - before.script };
  } finally {
    await browser.quit();
    await collector.stop();
  }
}

/** What can go wrong between a page and its collector, as a shopper brings it about: told `BURST` events at once. */
const FAULTS = {
  async none({ browser }) {
    await browser.run(`bench.burst(${BURST})`);
    await sleep(8000);
  },
  async "navigates away at once"({ browser, site }) {
    await browser.run(`bench.burst(${BURST}); location.href = ${JSON.stringify(site.origin + "/empty")}`);
    await sleep(3000);
  },
  async "tab closed at once"({ browser }) {
    await browser.closeTab();
    await sleep(3000);
  },
  async "500 for 20 s"({ browser, collector }) {
    collector.mode = "500";
    await browser.run(`bench.burst(${BURST})`);
    await sleep(20_000);
    collector.mode = "";
    await sleep(5000);
  },
  async "429, Retry-After 5 s"({ browser, collector }) {
    collector.mode = "429";
    await browser.run(`bench.burst(${BURST})`);
    await sleep(5000);
    collector.mode = "";
    await sleep(10_000);
  },
  async "refused 10 s"({ browser, collector }) {
    await collector.stop();
    await browser.run(`bench.burst(${BURST})`);
    await sleep(10_000);
    await collector.start();
    await sleep(5000);
  },
  async "offline, reload, online"({ browser, collector, address }) {
    await collector.stop();
    await browser.run(`bench.burst(${BURST})`);
    await sleep(1000);
    await browser.open(address);
    await sleep(2000);
    await collector.start();
    await sleep(10_000);
  },
  async "413 above 4 KiB"({ browser, collector }) {
    collector.mode = "413";
    await browser.run(`bench.burst(${BURST})`);
    await sleep(12_000);
  },
};

async function faulted(driver, site, name, fault) {
  const collector = await new Collector().start();
  const browser = await Browser.start(driver);
  const address = `${site.origin}/${name}?to=${encodeURIComponent(collector.address)}`;
  try {
    await browser.open(address);
    await sleep(START);
    await FAULTS[fault]({ browser, collector, site, address });
    // Whoever has kept something sends it with the next page at the latest.
    await browser.open(address);
    await sleep(8000);
    return collector.counted(BURST);
  } finally {
    await browser.quit();
    await collector.stop();
  }
}

const compressed = (paths) =>
  paths.map((path) => readFileSync(path)).reduce((sum, bytes) => sum + brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length, 0);

/** Again, where a busy machine kept a page from its clock: twice at most. */
async function again(run) {
  for (let left = 2; ; left--) {
    try {
      return await run();
    } catch (error) {
      say(`once more: ${error.message}`);
      if (!left) throw error;
    }
  }
}

const site = await shop();
const driver = await drive();
const found = { rounds, bytes: {}, visits: {}, blocking: {}, asked: {}, faults: [] };
try {
  for (const name of [...TRACKERS.slice(2), "formbricks"]) found.bytes[name] = compressed([join(bundles, name + ".js")]);
  const all = Object.fromEntries(TRACKERS.map((name) => [name, { visits: [], 4: [], 6: [] }]));
  const prompts = Object.fromEntries(ASKERS.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}`);
    for (const name of TRACKERS) all[name].visits.push(await again(() => visit(driver.address, site, name)));
    for (const rate of [4, 6]) for (const name of TRACKERS) all[name][rate].push(await again(() => blocking(driver.address, site, name, rate)));
    for (const name of ASKERS) prompts[name].push(await again(() => asked(driver.address, site, name)));
  }
  const middle = (name, what) => median(all[name].visits.map((visit) => visit[what]));
  for (const name of TRACKERS.slice(1)) {
    const more = (what) => middle(name, what) - middle("nobody", what);
    found.visits[name] = { start_ms: more("start"), script_ms: more("script"), event_us: more("event"), wire: middle(name, "wire") };
    found.blocking[name] = Object.fromEntries([4, 6].map((rate) => [rate, median(all[name][rate]) - median(all.nobody[rate])]));
  }
  for (const name of ASKERS) found.asked[name] = { task_ms: median(prompts[name].map(({ task }) => task)), script_ms: median(prompts[name].map(({ script }) => script)) };
  for (const fault of wanted ? Object.keys(FAULTS) : []) {
    say(fault);
    // Nothing is timed here, so that all of them may meet the fault at once.
    const counts = await Promise.all(TRACKERS.slice(1).map((name) => again(() => faulted(driver.address, site, name, fault))));
    found.faults.push({ fault, counts: Object.fromEntries(counts.map((count, nth) => [TRACKERS[nth + 1], count])) });
  }
  console.log(JSON.stringify(found));
} finally {
  driver.child.kill();
  site.server.closeAllConnections();
  site.server.close();
}
