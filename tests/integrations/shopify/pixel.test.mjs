// The pixel, in a double of what Shopify's sandbox offers it: only with consent, only on a journey that goes on, and nothing of the buyer. tests/e2e/integrations.rs
// runs it in a browser, against the real collector.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = readFileSync(new URL("../../../integrations/shopify/pixel.js", import.meta.url), "utf8");
const MINUTE = 60e3;
const NOW = 1_795_284_085_340;
const record = (start = NOW - 5 * MINUTE, last = NOW - MINUTE, version = "5") => `${version} 9xk2m4t0c7qe3fzb decision ${start},${last},0,0,1 -, - - -,0 .`;
const CHECKOUT = {
  currencyCode: "EUR",
  totalPrice: { amount: 53.8, currencyCode: "EUR" },
  totalTax: { amount: 10.41 },
  shippingLine: { price: { amount: 5.9 } },
  order: { id: "gid://shopify/Order/2001", customer: { id: "77" } },
  email: "anna@shop.example",
  phone: "+358401234567",
  shippingAddress: { firstName: "Anna", address1: "Testikatu 1", zip: "00510" },
  token: "tok_1234567890",
  lineItems: [
    { title: "Aamu", quantity: 2, variant: { id: "41", sku: "AAMU-250", price: { amount: 23.95 }, product: { id: "4", title: "Aamu" } } },
    { title: "Card for anna@shop.example", quantity: 1, variant: { id: "42", sku: "", price: { amount: 5 }, product: { id: "5" } } },
  ],
};

/** A pixel in its sandbox. */
function pixel({ allowed = true, visit = record(), answers = [] } = {}) {
  const events = {};
  const sent = [];
  let decide;
  let now = NOW;
  const waits = [];
  const storage = { "polku:1:visit": visit };
  const world = {
    init: { customerPrivacy: { analyticsProcessingAllowed: allowed, marketingAllowed: true, preferencesProcessingAllowed: true, saleOfDataAllowed: true } },
    analytics: { subscribe: (name, run) => (events[name] = run) },
    customerPrivacy: { subscribe: (name, run) => name === "visitorConsentCollected" && (decide = run) },
    browser: { localStorage: { getItem: async (name) => storage[name] ?? null } },
    fetch: async (url, how) => {
      sent.push({ url, ...how });
      const answer = answers.shift() ?? 200;
      if (!answer) throw TypeError("Failed to fetch");
      return { status: answer };
    },
    crypto,
    setTimeout: (run, ms) => (waits.push(ms), queueMicrotask(run)),
    Date: class extends Date {
      static now = () => now;
    },
  };
  vm.runInNewContext(source, world);
  const settle = async () => {
    for (let turn = 0; turn < 60; turn++) await null;
  };
  return {
    events,
    sent,
    waits,
    storage,
    pass: (ms) => (now += ms),
    decide: (says) => decide({ customerPrivacy: { analyticsProcessingAllowed: says } }),
    async happens(name, data = { checkout: CHECKOUT }) {
      events[name]({ name, data });
      await settle();
    },
    batches: () => sent.map(({ body }) => JSON.parse(body)),
  };
}

test("it reads the record that this version of Polku writes", () => {
  const [, version] = /const VERSION: &str = "(\d+) ";/.exec(readFileSync(new URL("../../../crates/core/src/record.rs", import.meta.url), "utf8"));
  assert.ok(source.includes(`const VERSION = "${version}";`), `crates/core/src/record.rs writes version ${version}`);
});

test("a checkout is told step by step, on the journey of the theme", async () => {
  const shop = pixel();
  assert.deepEqual(Object.keys(shop.events).sort(), ["alert_displayed", "checkout_completed", "checkout_shipping_info_submitted", "checkout_started", "payment_info_submitted"]);
  for (const name of ["checkout_started", "checkout_shipping_info_submitted", "payment_info_submitted", "checkout_completed"]) {
    await shop.happens(name);
    shop.pass(1234);
  }
  const batches = shop.batches();
  assert.deepEqual(batches.map(({ events: [{ name, seq, at, page }] }) => [name, seq, at, page]), [
    ["begin_checkout", 1, 300000, "/checkout"],
    ["add_shipping_info", 2, 301200, "/checkout"],
    ["add_payment_info", 3, 302400, "/checkout"],
    ["purchase", 4, 303700, "/thank-you"],
  ]);
  const [first] = batches;
  assert.equal(new Set(batches.map(({ journey }) => journey.leg)).size, 1);
  assert.match(first.journey.leg, /^[0-9a-z]{5}$/);
  assert.equal(first.journey.id, "9xk2m4t0c7qe3fzb");
  assert.equal(first.journey.started, Math.floor((NOW - 5 * MINUTE) / 60e3) * 60);
  assert.ok(first.sent >= first.journey.started + first.events[0].at / 1000);
  assert.equal(first.journey.consent.measure.by, "shopify");
  assert.deepEqual(batches[3].events[0].data, {
    currency: "EUR", value: 54, tax: 10, shipping: 5.9,
    items: [{ item_id: "AAMU-250", item_name: "Aamu", price: 24, quantity: 2 }, { item_id: "42", price: 5, quantity: 1 }],
  });
  const { url, method, credentials, referrerPolicy, keepalive, headers } = shop.sent[0];
  assert.deepEqual([url, method, credentials, referrerPolicy, keepalive, headers], ["https://collect.example/v1/batch", "POST", "omit", "no-referrer", true, undefined]);
});

test("nothing of the buyer leaves", async () => {
  const shop = pixel();
  for (const name of Object.keys(shop.events)) await shop.happens(name, { checkout: CHECKOUT, alert: { type: "PAYMENT_ERROR", message: "anna@shop.example 4111" } });
  const all = JSON.stringify(shop.batches());
  assert.equal(shop.sent.length, 5);
  for (const word of ["anna", "Anna", "Testikatu", "00510", "358", "tok_", "2001", "gid:", "4111"]) assert.ok(!all.includes(word), `${word} left`);
});

test("what leaves is in the table of what may", async () => {
  const { sent: rows } = JSON.parse(readFileSync(new URL("../../leaves/table.json", import.meta.url), "utf8"));
  const may = (of) => new Set(rows.filter((row) => row.of === of && row.when.includes("measure")).flatMap(({ members }) => members));
  const check = (of, holder, within = []) => {
    for (const member of Object.keys(holder)) assert.ok(within.includes(member) || may(of).has(member), `${member} of ${of}`);
  };
  const shop = pixel();
  for (const name of Object.keys(shop.events)) await shop.happens(name, { checkout: CHECKOUT, alert: { type: "PAYMENT_ERROR" } });
  for (const batch of shop.batches()) {
    check("batch", batch, ["journey", "events"]);
    check("journey", batch.journey, ["consent"]);
    for (const decision of Object.values(batch.journey.consent)) check("consent", decision);
    for (const event of batch.events) {
      check("event", event, ["data"]);
      check(event.name === "payment_declined" ? "friction" : "touchpoint", event.data);
      for (const item of event.data.items || []) check("item", item);
    }
  }
});

test("without consent nothing is sent, nor without a journey that goes on", async () => {
  for (const given of [{ allowed: false }, { visit: null }, { visit: "-" }, { visit: record(NOW - 60 * MINUTE, NOW - 31 * MINUTE) }, { visit: record(NOW - 25 * 60 * MINUTE, NOW) }, { visit: record(undefined, undefined, "6") }, { visit: "5 short decision 1,2" }]) {
    const shop = pixel(given);
    await shop.happens("checkout_completed");
    assert.equal(shop.sent.length, 0, JSON.stringify(given));
  }
});

test("a decision on the page counts from then on", async () => {
  const shop = pixel({ allowed: false });
  await shop.happens("checkout_started");
  shop.decide(true);
  await shop.happens("payment_info_submitted");
  shop.decide(false);
  await shop.happens("checkout_completed");
  assert.deepEqual(shop.batches().map(({ events }) => events[0].name), ["add_payment_info"]);
});

test("what had no answer is sent again, the same; what was refused is not", async () => {
  const lost = pixel({ answers: [0, 503, 200] });
  await lost.happens("checkout_completed");
  assert.equal(lost.sent.length, 3);
  assert.equal(new Set(lost.sent.map(({ body }) => body)).size, 1);
  assert.deepEqual(lost.waits, [2000, 10000]);
  const never = pixel({ answers: [0, 0, 0, 0] });
  await never.happens("checkout_completed");
  assert.equal(never.sent.length, 3);
  const refused = pixel({ answers: [400] });
  await refused.happens("checkout_completed");
  assert.equal(refused.sent.length, 1);
});

test("another alert is none of ours, and what is missing breaks nothing", async () => {
  const shop = pixel();
  await shop.happens("alert_displayed", { alert: { type: "INPUT_REQUIRED" } });
  assert.equal(shop.sent.length, 0);
  await shop.happens("checkout_completed", {});
  await shop.happens("checkout_started", undefined);
  assert.equal(shop.sent.length, 2);
});
