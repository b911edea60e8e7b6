// Reads requests from standard input, one a line, with the SDK; writes what it read, one list a line, or {"error"}.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { HTTP } = createRequire(process.env.POLKU_CLOUDEVENTS + "/")("cloudevents");

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const events = HTTP.toEvent(JSON.parse(line));
    // A validation of its own: reading alone lets a lenient constructor pass.
    answer = [events].flat().map((event) => (event.validate(), event.toJSON()));
  } catch (error) {
    answer = { error: String(error.message) };
  }
  console.log(JSON.stringify(answer));
}
