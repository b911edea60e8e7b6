// Colours of code: [{lang, code}] as JSON in, one text of HTML for each out. A language that highlight.js does not know is left as it is.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const hljs = createRequire(process.argv[2] + "/")("highlight.js");
const escape = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const known = { console: "shell", cron: "bash", csv: "plaintext", text: "plaintext" };
const paint = ({ lang, code }) => {
  const language = known[lang] || lang;
  if (!hljs.getLanguage(language)) return escape(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(paint)));
