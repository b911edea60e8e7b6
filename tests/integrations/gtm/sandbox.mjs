// A double of the tag manager's sandbox: it reads a template as the tag manager exports it, and runs its code with the documented APIs that it asks for, under the
// permissions that it declares. The tag manager's own editor is a service of Google's: in that the template has not been tried.
import vm from "node:vm";

/** The template's sections, by their names. */
export function sections(text) {
  const found = [...text.matchAll(/^___([A-Z_]+)___$/gm)];
  return Object.fromEntries(found.map((head, at) => [head[1], text.slice(head.index + head[0].length, found[at + 1]?.index).trim()]));
}

/** What a value of the permissions says. */
const plain = ({ type, string, boolean, listItem, mapKey, mapValue }) =>
  type === 1 ? string : type === 8 ? boolean : type === 2 ? (listItem || []).map(plain) : Object.fromEntries(mapKey.map((key, at) => [plain(key), plain(mapValue[at])]));

/** The permissions, by their names. */
export const permissions = (json) =>
  Object.fromEntries(
    json.map(({ instance: { key, param } }) => [key.publicId, Object.fromEntries((param || []).map(({ key, value }) => [key, plain(value)]))]),
  );

/** What the sandbox's language has not: its own list of what is left out. */
const FORBIDDEN = /\b(new|this|window|document|class|async|await|Promise|RegExp|Date|eval|Function|try|throw)\b(?=([^'"\n]|'[^']*'|"[^"]*")*$)/m;

/** Whether an address is of a pattern of the permission to inject scripts. */
const isAllowed = (url, pattern) => {
  const [, host, path] = /^https:\/\/([^/]+)(\/.*)?$/.exec(pattern);
  const there = new URL(url);
  const hosts = host.startsWith("*.") ? there.host.endsWith(host.slice(1)) : there.host === host;
  return there.protocol === "https:" && hosts && RegExp(`^${(path || "/").replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(there.pathname);
};

/** A copy as it crosses the sandbox's wall: plain data alone. */
const crossed = (value) => (value === undefined ? undefined : typeof value === "function" ? value : structuredClone(value));

/**
 * A sandbox for this template. `window` is the page's global object, `inject(url)` fetches a script (a promise). `run(data)` runs the code once; what was called stands in
 * `calls`, each `[name, ...arguments]`.
 */
export function sandbox(template, { window = {}, inject = async () => {} } = {}) {
  const parts = sections(template);
  const code = parts.SANDBOXED_JS_FOR_WEB_TEMPLATE;
  const allowed = permissions(JSON.parse(parts.WEB_PERMISSIONS));
  const calls = [];
  const mocks = {};
  const bare = code.replace(/\/\/.*$/gm, "").replace(/'(?:[^'\\]|\\.)*'/g, "''");
  const wrong = FORBIDDEN.exec(bare);
  if (wrong) throw Error(`the sandbox has no \`${wrong[1]}\``);
  const global = (key, what) => {
    const rule = (allowed.access_globals?.keys || []).find((one) => one.key === key);
    if (!rule?.[what]) throw Error(`no permission to ${what} ${key}`);
  };
  const at = (path) => path.split(".").reduce((object, key) => object?.[key], window);
  const apis = {
    callInWindow(path, ...args) {
      global(path, "execute");
      const run = at(path);
      return typeof run === "function" ? crossed(run(...args.map(crossed))) : undefined;
    },
    copyFromWindow(path) {
      global(path, "read");
      return crossed(at(path));
    },
    getType: (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value),
    injectScript(url, success, failure) {
      if (!(allowed.inject_script?.urls || []).some((pattern) => isAllowed(url, pattern))) throw Error(`no permission to inject ${url}`);
      inject(url).then(success, failure);
    },
    logToConsole() {
      if (!allowed.logging) throw Error("no permission to log");
    },
    makeTableMap: (rows, key, value) => (rows && rows.length ? Object.fromEntries(rows.map((row) => [row[key], row[value]])) : null),
  };
  const note = (name, run) => (...args) => {
    calls.push([name, ...args]);
    return name in mocks ? (typeof mocks[name] === "function" ? mocks[name](...args) : mocks[name]) : run(...args);
  };
  const require = (name) => {
    if (!(name in apis)) throw Error(`there is no API ${name}`);
    return note(name, apis[name]);
  };
  const run = (data) => {
    const given = { ...data, gtmOnSuccess: note("gtmOnSuccess", () => {}), gtmOnFailure: note("gtmOnFailure", () => {}) };
    vm.runInNewContext(`(function (data, require) { "use strict";\n${code}\n})`, {})(given, require);
  };
  return { calls, mocks, run, parts, allowed };
}
