// What it costs to keep unsent batches in local storage and in IndexedDB, and what of it outlives a crash. Nothing is installed: it
// speaks the browser's own debugging protocol.
//
//   CHROME=/path/to/chromium node --experimental-websocket tests/storage/compare.mjs [runs]
//
// (From Node 22 on without the flag.) Prints Markdown. The times are those of the page's main thread; where the processor is slowed
// down four times, as on a cheap telephone, the table says so.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHROME = process.env.CHROME || "chromium";
const RUNS = Number(process.argv[2] || 15);
const COUNTS = [1, 10, 50];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What the page can do. Each way to store writes batches of 10 kB, a key each, and answers how long it held the main thread. */
const PAGE = `<!doctype html><title>Storage</title><script>
const KEY = "polku:1:q:";
const body = (at) => (at + " ").padEnd(10_000, '{"seq":12,"at":84200,"name":"add_to_cart"},');
const ways = {
  local: {
    open: async () => localStorage.getItem("first"),
    write(count) {
      for (let at = 0; at < count; at += 1) localStorage.setItem(KEY + at, body(at));
      return Promise.resolve();
    },
    read: async () => Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => localStorage.getItem(key)).length,
    remove: async () => Object.keys(localStorage).filter((key) => key.startsWith(KEY)).forEach((key) => localStorage.removeItem(key)),
  },
  indexed: {
    open: () => new Promise((done, fail) => {
      const request = indexedDB.open("polku", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("q");
      request.onsuccess = () => done((window.db = request.result));
      request.onerror = fail;
    }),
    write: (count) => new Promise((done, fail) => {
      const change = db.transaction("q", "readwrite");
      const store = change.objectStore("q");
      for (let at = 0; at < count; at += 1) store.put(body(at), KEY + at);
      change.oncomplete = done;
      change.onabort = fail;
      change.commit();
    }),
    read: () => new Promise((done) => {
      db.transaction("q").objectStore("q").getAll().onsuccess = ({ target }) => done(target.result.length);
    }),
    remove: () => new Promise((done) => {
      const change = db.transaction("q", "readwrite");
      change.objectStore("q").clear();
      change.oncomplete = () => done();
    }),
  },
};
/** How long the call itself holds the main thread, and when its work is done. */
const timed = async (way, what, ...args) => {
  const before = performance.now();
  const promise = ways[way][what](...args);
  const held = performance.now() - before;
  await promise;
  return { held, done: performance.now() - before };
};
</script>`;

const server = createServer((request, response) => {
  // Finer clocks.
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  response.writeHead(200, { ...headers, "content-type": "text/html" }).end(PAGE);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const ADDRESS = `http://127.0.0.1:${server.address().port}/`;

/** A browser on `folder`, which may have been used before. */
async function browser(folder) {
  await rm(join(folder, "DevToolsActivePort"), { force: true });
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"];
  const child = spawn(CHROME, [...flags, "--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"], { stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", done));
  let port, path;
  while (!path) {
    await pause(50);
    [port, path] = (await readFile(join(folder, "DevToolsActivePort"), "utf8").catch(() => "")).split("\n");
  }
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await new Promise((done, fail) => Object.assign(socket, { onopen: done, onerror: fail }));
  const calls = new Map();
  const events = [];
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params, sessionId } = JSON.parse(data);
    const call = calls.get(id);
    calls.delete(id);
    if (call) error ? call.fail(new Error(error.message)) : call.done(result);
    for (const event of events.slice()) if (event.method === method && event.sessionId === sessionId) event.done(params);
  };
  const send = (method, params = {}, sessionId) =>
    new Promise((done, fail) => {
      calls.set((last += 1), { done, fail });
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
  return {
    async page(slower = 1) {
      const { targetId } = await send("Target.createTarget", { url: "about:blank" });
      const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
      const on = (method) => new Promise((done) => events.push({ method, sessionId, done }));
      const call = (method, params) => send(method, params, sessionId);
      await call("Page.enable");
      await call("Performance.enable", { timeDomain: "threadTicks" });
      const loaded = on("Page.loadEventFired");
      await call("Page.navigate", { url: ADDRESS });
      await loaded;
      if (slower > 1) await call("Emulation.setCPUThrottlingRate", { rate: slower });
      const run = async (expression) => {
        const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
        return result.value;
      };
      /** What the main thread has worked so far, in ms. */
      const worked = async () => {
        const { metrics } = await call("Performance.getMetrics");
        return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
      };
      return { run, worked, crash: () => void call("Page.crash").catch(() => {}), close: () => send("Target.closeTarget", { targetId }) };
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async quit() {
      await Promise.race([send("Browser.close").catch(() => {}), ended]);
      await ended;
    },
  };
}

async function fresh(use) {
  const folder = await mkdtemp(join(tmpdir(), "polku-storage-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

const sorted = (numbers) => numbers.slice().sort((a, b) => a - b);
const median = (numbers) => sorted(numbers)[numbers.length >> 1];
const most = (numbers) => sorted(numbers).at(-1);
const ms = (number) => (number < 10 ? number.toFixed(2) : number.toFixed(0));

/** Times, each in a document of its own, the ways in turn. */
async function times(slower) {
  const lines = [];
  await fresh(async (folder) => {
    const chrome = await browser(folder);
    for (const count of COUNTS) {
      const found = { local: [], indexed: [] };
      for (let at = 0; at < RUNS; at += 1) {
        for (const way of at % 2 ? ["local", "indexed"] : ["indexed", "local"]) {
          const page = await chrome.page(slower);
          const open = await page.run(`timed("${way}", "open")`);
          await pause(100);
          const before = await page.worked();
          const write = await page.run(`timed("${way}", "write", ${count})`);
          const after = await page.worked();
          await page.run("0");
          const nothing = (await page.worked()) - after;
          const next = await chrome.page(slower);
          const again = await next.run(`timed("${way}", "open")`);
          const read = await next.run(`timed("${way}", "read")`);
          const remove = await next.run(`timed("${way}", "remove")`);
          found[way].push({ open, write, again, read, remove, worked: Math.max(0, after - before - nothing) });
          await page.close();
          await next.close();
        }
      }
      for (const way of ["local", "indexed"]) {
        const all = (pick) => found[way].map(pick);
        lines.push([
          slower > 1 ? `÷ ${slower}` : "",
          count,
          way === "local" ? "local storage" : "IndexedDB",
          `${ms(median(all(({ write }) => write.held)))} (${ms(most(all(({ write }) => write.held)))})`,
          ms(median(all(({ worked }) => worked))),
          ms(median(all(({ write }) => write.done))),
          `${ms(median(all(({ again }) => again.held)))} / ${ms(median(all(({ again }) => again.done)))}`,
          `${ms(median(all(({ read }) => read.held)))} / ${ms(median(all(({ read }) => read.done)))}`,
          `${ms(median(all(({ remove }) => remove.held)))} / ${ms(median(all(({ remove }) => remove.done)))}`,
        ]);
      }
    }
    await chrome.quit();
  });
  return lines;
}

/** How many of 10 batches are there after the page (or the whole browser) dies so long after they were written. */
async function survivors(way, whole, wait) {
  return fresh(async (folder) => {
    let chrome = await browser(folder);
    const page = await chrome.page();
    await page.run(`timed("${way}", "open")`);
    // The call returns, whatever becomes of its work.
    const written = page.run(`void ways.${way}.write(10)`);
    // Before its answer: what comes next is on another thread, and overtakes nothing.
    if (wait) await written;
    await pause(wait);
    if (whole) {
      await chrome.kill();
      chrome = await browser(folder);
    } else {
      page.crash();
      await pause(300);
    }
    const next = await chrome.page();
    await next.run(`timed("${way}", "open")`);
    const left = await next.run(`ways.${way}.read()`);
    await chrome.quit();
    return left;
  });
}

/** How many of 10 batches are there that the page began to write as it left, `how` it left. */
async function leavers(way, how) {
  return fresh(async (folder) => {
    const chrome = await browser(folder);
    const page = await chrome.page();
    await page.run(`timed("${way}", "open")`);
    await page.run(`void addEventListener("pagehide", () => ways.${way}.write(10))`);
    if (how === "closed") await page.close();
    else await page.run(`void (location.href = "${how === "elsewhere" ? ADDRESS.replace("127.0.0.1", "localhost") : ADDRESS}")`);
    await pause(500);
    const next = await chrome.page();
    await next.run(`timed("${way}", "open")`);
    const left = await next.run(`ways.${way}.read()`);
    await chrome.quit();
    return left;
  });
}

const table = (head, lines) => [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

console.log(`${RUNS} runs each, medians, ms; in brackets the longest.\n`);
const head = ["processor", "batches of 10 kB", "kept in", "storing holds the main thread", "its processor time in all", "done after", "next page: opening, held / done", "reading", "deleting"];
console.log(table(head, [...(await times(1)), ...(await times(4))]));

const runs = Math.min(RUNS, 5);
console.log(`\nOf 10 batches are left, in each of ${runs} runs, when so long after the call it is killed:\n`);
const deaths = [];
for (const way of ["local", "indexed"]) {
  for (const [what, whole, waits] of [["the page's process", false, [0, 50, 250]], ["the whole browser", true, [50, 250, 2000, 6000]]]) {
    for (const wait of waits) {
      const left = [];
      for (let at = 0; at < runs; at += 1) left.push(await survivors(way, whole, wait));
      deaths.push([way === "local" ? "local storage" : "IndexedDB", what, `${wait} ms`, left.join(", ")]);
    }
  }
}
console.log(table(["kept in", "killed", "after", "left"], deaths));

console.log(`\nOf 10 batches are left that are written as the page leaves (\`pagehide\`), in each of ${runs} runs:\n`);
const ends = [];
for (const way of ["local", "indexed"]) {
  for (const [how, what] of [["on", "to the next page"], ["elsewhere", "to another site"], ["closed", "its tab is closed"]]) {
    const left = [];
    for (let at = 0; at < runs; at += 1) left.push(await leavers(way, how));
    ends.push([way === "local" ? "local storage" : "IndexedDB", what, left.join(", ")]);
  }
}
console.log(table(["kept in", "the page leaves", "left"], ends));
server.close();
server.closeAllConnections();
