import { createServer } from "node:net";

/** How long something may take on a busy machine, in ms. */
const LONG = 30000;

/** Waits until `look` gives something, and gives it back. */
export async function until(what, look) {
  const end = Date.now() + LONG;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw Error(`waited in vain for ${what}`);
    await new Promise((go) => setTimeout(go, 100));
  }
}

/** A port on the loopback that nobody listens at. */
export const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer().on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
