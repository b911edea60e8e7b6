// The theme's block, rendered by a Liquid of npm's: what is printed, and what is not; whatever a merchant sets, it is one tag. Shopify's own editor has not seen it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const folder = new URL("../../../integrations/shopify/theme/", import.meta.url);
const source = readFileSync(new URL("blocks/polku.liquid", folder), "utf8");
const npm = process.env.POLKU_INTEGRATIONS;
const skip = npm ? false : "there is no Liquid: POLKU_INTEGRATIONS names no folder";
const [, schema] = /{% schema %}([^]*){% endschema %}/.exec(source);

let render;
if (npm) {
  const { Liquid } = createRequire(`${npm}/`)("liquidjs");
  const engine = new Liquid({ strictFilters: true, strictVariables: false });
  // The theme's own tag, which prints nothing.
  engine.registerTag("schema", {
    parse(token, rest) {
      while (rest.length && rest.shift().getText() !== "{% endschema %}");
    },
    render: () => "",
  });
  const defaults = Object.fromEntries(JSON.parse(schema).settings.map(({ id, default: value }) => [id, value]));
  render = (settings, more) => engine.parseAndRenderSync(source, { block: { settings: { ...defaults, ...settings } }, shop: { name: 'Kahvi "Kulma" & Co' }, request: { design_mode: false }, ...more }).trim();
}
const GOOD = { key: "pk_shop", src: " https://collect.example/polku/polku.js ", collector: "https://collect.example/v1/batch" };
/** The attributes of the one tag, as a browser reads them. */
const attributes = (html) => {
  const [, inside] = /^<script ([^<>]*)><\/script>$/.exec(html) || [];
  assert.ok(inside, `one tag: ${html}`);
  const plain = (text) => text.replaceAll("&#34;", '"').replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return Object.fromEntries([...inside.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, value === undefined ? true : plain(value)]));
};

test("its settings are what a theme takes, with words in both languages", () => {
  const { target, settings } = JSON.parse(schema);
  assert.equal(target, "head");
  const words = [...schema.matchAll(/"t:(\w+)"/g)].map(([, name]) => name);
  for (const lang of ["en.default", "fi"]) {
    const texts = JSON.parse(readFileSync(new URL(`locales/${lang}.schema.json`, folder)));
    assert.deepEqual(Object.keys(texts).sort(), [...new Set(words)].sort(), lang);
  }
  assert.deepEqual([...new Set([...source.matchAll(/\bs\.(\w+)/g)].map(([, name]) => name))].sort(), settings.map(({ id }) => id).sort());
});

test("the least that is set makes a tag", { skip }, () => {
  assert.deepEqual(attributes(render(GOOD)), { async: true, src: "https://collect.example/polku/polku.js", "data-key": "pk_shop", "data-collector": "https://collect.example/v1/batch", "data-consent": "shopify" });
});

test("all that is set is in it", { skip }, () => {
  const all = attributes(render({ ...GOOD, mode: "feedback", consent: "auto", prompts: "/apps/prompts.json", questions: true, chat: "https://collect.example/v1/chat", exact: true, remember: false }));
  assert.deepEqual({ ...all, src: 0, async: 0, "data-key": 0, "data-collector": 0 }, {
    async: 0, src: 0, "data-key": 0, "data-collector": 0,
    "data-consent": "auto", "data-mode": "feedback", "data-prompts": "/apps/prompts.json", "data-questions": "default", "data-shop-name": 'Kahvi "Kulma" & Co',
    "data-chat": "https://collect.example/v1/chat", "data-money": "exact", "data-remember": "no",
  });
});

test("where something is missing, and in the editor, there is none", { skip }, () => {
  for (const name of Object.keys(GOOD)) assert.equal(render({ ...GOOD, [name]: "  " }), "", name);
  assert.equal(render(GOOD, { request: { design_mode: true } }), "");
});

test("what a merchant writes ends neither the attribute nor the tag", { skip }, () => {
  for (const name of ["key", "src", "collector", "prompts", "chat"]) {
    const evil = `x"><script>alert(1)</script><b a='`;
    const all = attributes(render({ ...GOOD, [name]: evil }));
    assert.equal(all[name === "src" ? "src" : `data-${name}`], evil.trim());
  }
});

test("products with the tag for special content say so", { skip }, () => {
  const product = { tags: ["apteekki", "new"] };
  assert.equal(attributes(render({ ...GOOD, sensitive_tag: "apteekki" }, { product }))["data-sensitive"], true);
  assert.equal(attributes(render({ ...GOOD, sensitive_tag: "health" }, { product }))["data-sensitive"], undefined);
  assert.equal(attributes(render(GOOD, { product }))["data-sensitive"], undefined);
});
