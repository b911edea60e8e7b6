// A browser, driven by the few calls of WebDriver that these tests make.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, until } from "./wait.mjs";

/** Where the browser and its driver are; nothing where the caller has not found them. */
export const found = () => process.env.CHROME && process.env.CHROMEDRIVER;

/** Runs `test` with a browser of its own, which ends with it. */
export async function withBrowser(test) {
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), "polku-browser-"));
  const driver = spawn(process.env.CHROMEDRIVER, [`--port=${port}`], { stdio: "ignore" });
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw Error(`${value.error}: ${value.message}`);
    return value;
  };
  let session;
  try {
    await until("the driver", async () => (await call("GET", "/status").catch(() => ({}))).ready);
    const args = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");
    const options = { binary: process.env.CHROME, args: [...args, `--user-data-dir=${profile}`] };
    const capabilities = { alwaysMatch: { "goog:chromeOptions": options, "goog:loggingPrefs": { browser: "ALL" } } };
    session = (await call("POST", "/session", { capabilities })).sessionId;
    const at = (path) => `/session/${session}${path}`;
    const browser = {
      open: (url) => call("POST", at("/url"), { url }),
      run: (script, ...args) => call("POST", at("/execute/sync"), { script, args }),
      until: (expression) => until(expression, () => browser.run(`return ${expression}`)),
      messages: async () => (await call("POST", at("/se/log"), { type: "browser" })).map(({ message }) => message),
    };
    await test(browser);
  } finally {
    if (session) await call("DELETE", `/session/${session}`).catch(() => {});
    driver.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
