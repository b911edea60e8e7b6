// The tag manager's template: its parts are what an import takes, its own tests hold, and in a page it starts Polku. The sandbox is a double: sandbox.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import vm from "node:vm";
import { sandbox, sections } from "./sandbox.mjs";

const template = readFileSync(new URL("../../../integrations/gtm/template.tpl", import.meta.url), "utf8");
const parts = sections(template);

test("it has the parts of a web tag, each in its form", () => {
  assert.deepEqual(Object.keys(parts), ["TERMS_OF_SERVICE", "INFO", "TEMPLATE_PARAMETERS", "SANDBOXED_JS_FOR_WEB_TEMPLATE", "WEB_PERMISSIONS", "TESTS", "NOTES"]);
  const info = JSON.parse(parts.INFO);
  assert.deepEqual([info.type, info.containerContexts, info.displayName], ["TAG", ["WEB"], "Polku"]);
  const names = [];
  const walk = (list) => {
    for (const { type, name, subParams, selectItems, radioItems, enablingConditions, valueValidators } of list) {
      assert.match(type, /^(TEXT|SELECT|RADIO|CHECKBOX|GROUP|SIMPLE_TABLE)$/);
      assert.ok(name && !names.includes(name), `${name} is once`);
      names.push(name);
      if (/SELECT|RADIO/.test(type)) assert.ok((selectItems || radioItems).length > 1);
      for (const { paramName } of enablingConditions || []) assert.ok(names.includes(paramName), `${paramName} comes before ${name}`);
      for (const { type, args } of valueValidators || []) if (type === "REGEX") assert.ok(RegExp(`^(${args[0]})$`));
      if (subParams) walk(subParams);
    }
  };
  walk(JSON.parse(parts.TEMPLATE_PARAMETERS));
  // What the code reads is a parameter, and what can be set is read.
  const read = new Set([...parts.SANDBOXED_JS_FOR_WEB_TEMPLATE.matchAll(/\bdata\.(\w+)/g)].map(([, name]) => name).filter((name) => !name.startsWith("gtmOn")));
  const groups = ["starting", "telling", "deciding"];
  assert.deepEqual([...read].sort(), names.filter((name) => !groups.includes(name)).sort());
});

test("it asks for what it uses, and for no more", () => {
  const { allowed } = sandbox(template);
  const used = [...parts.SANDBOXED_JS_FOR_WEB_TEMPLATE.matchAll(/require\('(\w+)'\)/g)].map(([, name]) => name);
  const needs = { callInWindow: "access_globals", copyFromWindow: "access_globals", injectScript: "inject_script", logToConsole: "logging" };
  assert.deepEqual(Object.keys(allowed).sort(), [...new Set(used.map((name) => needs[name]).filter(Boolean))].sort());
  assert.deepEqual(allowed.access_globals.keys.map(({ key, write }) => [key, write]), [["polku", false], ["polku.version", false]]);
  // A host of another's is not allowed.
  const { run } = sandbox(template);
  assert.throws(() => run({ does: "start", src: "https://other.example/polku/polku.js" }), /no permission to inject/);
  assert.throws(() => run({ does: "start", src: "http://collect.example/polku/polku.js" }), /no permission to inject/);
});

// The template's own tests, as the editor runs them.
const { YAML } = process.env.POLKU_INTEGRATIONS ? { YAML: createRequire(`${process.env.POLKU_INTEGRATIONS}/`)("yaml") } : {};
const own = YAML ? YAML.parse(parts.TESTS) : { scenarios: [] };
test("its own tests are found", { skip: YAML ? false : "there is no YAML: POLKU_INTEGRATIONS names no folder" }, () => {
  assert.ok(own.scenarios.length > 5);
});
for (const { name, code } of own.scenarios) {
  test(`its own: ${name}`, () => {
    const { calls, mocks, run } = sandbox(template);
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const assertApi = (api) => {
      const made = () => calls.filter(([called]) => called === api);
      return {
        wasCalled: () => assert.ok(made().length, `${api} was not called`),
        wasNotCalled: () => assert.equal(made().length, 0, `${api} was called`),
        wasCalledWith: (...args) => assert.ok(made().some(([, ...given]) => same(given, args)), `${api} was called with ${JSON.stringify(made())}, and not with ${JSON.stringify(args)}`),
      };
    };
    const tools = { mock: (api, value) => (mocks[api] = value), runCode: run, assertApi };
    vm.runInNewContext(`(function (${Object.keys(tools)}) { ${own.setup}\n${code}\n})`)(...Object.values(tools));
  });
}
