// A collector that keeps what it is sent, and the package beside it: on an origin that is not the shop's.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".txt": "text/plain" };

/** Listens; `batches` are those that have come. `POLKU_PKG` says where the package is. */
export async function receiver() {
  const batches = [];
  const server = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("cross-origin-resource-policy", "cross-origin");
    const { pathname } = new URL(request.url, "http://x");
    if (pathname === "/v1/batch" && request.method === "POST") {
      let body = "";
      for await (const part of request) body += part;
      const batch = JSON.parse(body);
      batches.push({ ...batch, headers: request.headers });
      response.end(JSON.stringify({ accepted: batch.events.length, duplicate: 0, rejected: [] }));
    } else if (pathname.startsWith("/polku/")) {
      try {
        const file = await readFile(join(process.env.POLKU_PKG, normalize(pathname.slice(7))));
        response.setHeader("content-type", TYPES[extname(pathname)] || "application/octet-stream");
        response.end(file);
      } catch {
        response.writeHead(404).end();
      }
    } else response.writeHead(204).end();
  });
  await new Promise((go) => server.listen(0, "127.0.0.1", go));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    batches,
    /** The events of a name, from all batches. */
    named: (name) => batches.flatMap(({ events }) => events).filter((event) => event.name === name),
    end: () => (server.closeAllConnections(), server.close()),
  };
}
