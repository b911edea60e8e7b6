// Polku's pixel for Shopify's checkout: paste it as a custom pixel (Settings, Customer events), with the two values below, and require the permission "Analytics".
// A pixel runs in a sandbox without the page. It goes on with the journey that the theme's tag has begun, and sends nothing where there is none: that record is
// in the browser only where the shopper has agreed to `measure`.
const KEY = "pk_shop";
const COLLECTOR = "https://collect.example/v1/batch";

// The first word of the record of a visit, as crates/core/src/record.rs writes it.
const VERSION = "5";
const RECORD = "polku:1:visit";
// A visit ends after so long without activity, and so long after its start, in ms.
const IDLE = 30 * 60e3;
const LONGEST = 24 * 3600e3;
// What had no answer is sent again after so long, in ms; then it is given up.
const AGAIN = [2000, 10000];
const MOST_ITEMS = 50;

// What the checkout tells, and what that is on the path. All of it belongs to the stage `decision`.
const STEPS = {
  checkout_started: "begin_checkout",
  checkout_shipping_info_submitted: "add_shipping_info",
  payment_info_submitted: "add_payment_info",
  checkout_completed: "purchase",
};

let allowed = !!init.customerPrivacy && init.customerPrivacy.analyticsProcessingAllowed === true;
customerPrivacy.subscribe("visitorConsentCollected", (event) => {
  allowed = event.customerPrivacy.analyticsProcessingAllowed === true;
});

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const drawn = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => ALPHABET[byte & 31]).join("");
const leg = drawn(5);
let seq = 0;

/** The visit that the theme's tag has begun, while it goes on. */
const visit = async () => {
  const [version, id, , times = ""] = ((await browser.localStorage.getItem(RECORD)) || "").split(" ");
  const [start, last] = times.split(",").map(Number);
  const now = Date.now();
  const goesOn = version === VERSION && /^[0-9a-z]{16}$/.test(id) && now >= start && now - start < LONGEST && now - last < IDLE;
  return goesOn ? { id, start } : undefined;
};

/** Two significant digits. */
const rounded = (money) => (money && money.amount >= 0 ? Number(Number(money.amount).toPrecision(2)) : undefined);
/** What a shop writes may hold what is somebody's: a name with an address or a long number in it is left out. */
const harmless = (text) => (text && !/@|(\d\D?){7}/.test(text) ? String(text).slice(0, 100) : undefined);

const item = ({ title, quantity, variant }) => {
  const { id, sku, price, product = {} } = variant || {};
  return { item_id: sku || String(id || product.id || ""), item_name: harmless(title), price: rounded(price), quantity };
};

/** Of a checkout what the path needs: no name, no address, no number of the order. */
const told = (checkout = {}) => ({
  currency: checkout.currencyCode,
  value: rounded(checkout.totalPrice),
  tax: rounded(checkout.totalTax),
  shipping: rounded(checkout.shippingLine && checkout.shippingLine.price),
  items: (checkout.lineItems || []).slice(0, MOST_ITEMS).map(item),
});

/** POSTs a batch, the same bytes each time. */
const send = async (body) => {
  for (const wait of [...AGAIN, 0]) {
    try {
      const { status } = await fetch(COLLECTOR, { method: "POST", body, keepalive: true, credentials: "omit", referrerPolicy: "no-referrer" });
      // What the collector has refused it refuses again.
      if (status < 500 && status !== 429) return;
    } catch (error) {
      // no answer
    }
    if (!wait) return;
    await new Promise((go) => setTimeout(go, wait));
  }
};

// One after the other: a number is given once, and in the order in which things happened.
let line = Promise.resolve();
const tell = (name, lens, page, data) => {
  const now = Date.now();
  line = line.then(async () => {
    if (!allowed) return;
    const { id, start } = (await visit()) || {};
    if (!id || !allowed) return;
    const started = Math.floor(start / 60e3) * 60;
    const batch = {
      polku: 1,
      key: KEY,
      batch: drawn(6),
      // On the journey's own clock.
      sent: started + Math.floor((Date.now() - start) / 1000),
      journey: { id, leg, started, stage: "decision", consent: { measure: { by: "shopify", hour: Math.floor(now / 3600e3) } } },
      events: [{ seq: ++seq, at: Math.floor((now - start) / 100) * 100, name, lens, stage: "decision", page, data }],
    };
    send(JSON.stringify(batch));
  }).catch(() => {});
};

for (const [event, name] of Object.entries(STEPS)) {
  const page = name === "purchase" ? "/thank-you" : "/checkout";
  analytics.subscribe(event, ({ data }) => tell(name, "did", page, told(data && data.checkout)));
}
// The shopper is told that the payment did not work.
analytics.subscribe("alert_displayed", ({ data }) => {
  if (data && data.alert && data.alert.type === "PAYMENT_ERROR") tell("payment_declined", "tech", "/checkout", { count: 1, confidence: 1 });
});
