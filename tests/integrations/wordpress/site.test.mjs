// The plugin in a real WordPress, with PHP's own server and a MariaDB of its own: settings, who may change them, what is printed and for whom, what a browser makes
// of it, and that nothing stays behind. `POLKU_WORDPRESS` is the folder of a WordPress. What comes of WooCommerce is from a double: woocommerce.php.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { found, withBrowser } from "../lib/browser.mjs";
import { receiver } from "../lib/receiver.mjs";
import { freePort, until } from "../lib/wait.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const plugin = join(here, "../../../integrations/wordpress/polku");
const wordpress = process.env.POLKU_WORDPRESS;
const skip = wordpress && existsSync(wordpress) ? false : "there is no WordPress: POLKU_WORDPRESS names none";

let dir, host, collector;
const ends = [];

/** Asks the site, as whoever has the cookies of `who`. */
async function ask(path, { who, form } = {}) {
  const headers = { cookie: who ? Object.entries(who).map(([name, value]) => `${name}=${value}`).join("; ") : "" };
  const how = form && { method: "POST", body: new URLSearchParams(form) };
  const answer = await fetch(`http://${host}${path}`, { headers, redirect: "manual", ...how });
  for (const cookie of answer.headers.getSetCookie()) {
    const [name, value] = cookie.split(";")[0].split("=");
    if (who) who[name] = value;
  }
  return { status: answer.status, to: answer.headers.get("location") || "", text: await answer.text() };
}

async function signIn(name) {
  const who = { wordpress_test_cookie: "WP%20Cookie%20check" };
  const { status } = await ask("/wp-login.php", { who, form: { log: name, pwd: `${name}-secret`, testcookie: 1 } });
  assert.equal(status, 302, `${name} signs in`);
  return who;
}

const php = (...args) => execFileSync("php", args, { encoding: "utf8" });
const option = () => JSON.parse(php("-r", `$_SERVER['HTTP_HOST'] = '${host}'; require '${dir}/www/wp-load.php'; echo json_encode(get_option('polku', null));`));
/** The value of an attribute of the form's element. */
const field = (text, name) => new RegExp(`name="${name.replace(/[[\]]/g, "\\$&")}" value="([^"]*)"`).exec(text)?.[1];
const tagOf = (text) => /<script[^>]*data-key[^>]*>/.exec(text)?.[0];

/** What the form sends when `changed` was changed in it. */
async function save(who, changed, nonce) {
  const { text } = await ask("/wp-admin/options-general.php?page=polku", { who });
  const sent = { option_page: "polku", action: "update", _wpnonce: nonce ?? field(text, "_wpnonce") ?? "none", _wp_http_referer: "/wp-admin/options-general.php?page=polku" };
  for (const [name, value] of Object.entries(changed)) sent[`polku[${name}]`] = value;
  return ask("/wp-admin/options.php", { who, form: sent });
}

const settings = () => ({
  key: "pk_wordpress",
  src: `${collector.origin}/polku/polku.js`,
  collector: `${collector.origin}/v1/batch`,
  mode: "strict",
  consent: "auto",
  money: "exact",
  remember: "no",
  questions: "default",
  sensitive: "/health/",
  staff: "1",
  woo: "1",
});

before(async () => {
  if (skip) return;
  dir = mkdtempSync(join(tmpdir(), "polku-wordpress-"));
  const socket = join(dir, "db.sock");
  const data = join(dir, "data");
  execFileSync("mariadb-install-db", ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db", `--user=${process.env.USER || "root"}`], { stdio: "ignore" });
  const mariadbd = existsSync("/usr/sbin/mariadbd") ? "/usr/sbin/mariadbd" : "mariadbd";
  const database = spawn(mariadbd, ["--no-defaults", `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${dir}/db.pid`, "--skip-networking", "--skip-grant-tables", `--user=${process.env.USER || "root"}`], { stdio: "ignore" });
  ends.push(() => new Promise((go) => (database.once("exit", go), database.kill())));
  const sql = (text) => execFileSync("mariadb", ["--no-defaults", `--socket=${socket}`, "-e", text], { stdio: ["ignore", "pipe", "ignore"] });
  await until("the database", () => {
    try {
      return sql("create database if not exists wordpress");
    } catch {
      return false;
    }
  });

  const www = join(dir, "www");
  // What Debian has links to and has not unpacked is none of what is asked here.
  cpSync(wordpress, www, { recursive: true, dereference: true, filter: (file) => existsSync(file) });
  const content = join(www, "wp-content");
  rmSync(join(www, "wp-config.php"), { force: true });
  cpSync(plugin, join(content, "plugins/polku"), { recursive: true });
  cpSync(join(here, "theme"), join(content, "themes/bare"), { recursive: true });
  host = `127.0.0.1:${await freePort()}`;
  const salts = ["AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"].flatMap((name) => [`${name}_KEY`, `${name}_SALT`]);
  const config = { DB_NAME: "wordpress", DB_USER: "root", DB_PASSWORD: "", DB_HOST: `localhost:${socket}`, DB_CHARSET: "utf8mb4", DB_COLLATE: "", WP_DEBUG: true, WP_DEBUG_DISPLAY: true, DISABLE_WP_CRON: true, WP_HTTP_BLOCK_EXTERNAL: true, AUTOMATIC_UPDATER_DISABLED: true };
  for (const salt of salts) config[salt] = `test ${salt}`;
  const lines = Object.entries(config).map(([name, value]) => `define( '${name}', ${typeof value === "string" ? `'${value}'` : value} );`);
  // Debian's WordPress is older than its PHP: what is deprecated is none of the plugin's.
  writeFileSync(join(www, "wp-config.php"), `<?php\n${lines.join("\n")}\n$table_prefix = 'wp_';\ndefined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );\nrequire_once ABSPATH . 'wp-settings.php';\nerror_reporting( E_ALL & ~E_DEPRECATED );\n`);
  const said = php(join(here, "install.php"), www, host);
  assert.match(said, /installed$/);
  const [, port] = host.split(":");
  const server = spawn("php", ["-S", `127.0.0.1:${port}`, "-t", www], { stdio: "ignore", env: { ...process.env, PHP_CLI_SERVER_WORKERS: "2" } });
  ends.push(() => new Promise((go) => (server.once("exit", go), server.kill())));
  collector = await receiver();
  ends.push(collector.end);
  await until("the site", () => ask("/").then(({ status }) => status === 200, () => false));
});

after(async () => {
  for (const end of ends.reverse()) await end();
  if (dir) rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test("without settings no page has the tag, and none complains", { skip }, async () => {
  const { text } = await ask("/");
  assert.match(text, /Kahvi &quot;Kulma/);
  assert.equal(tagOf(text), undefined);
  assert.doesNotMatch(text, /Warning|Notice|Fatal/);
});

test("only who manages the site sees the settings and changes them", { skip }, async () => {
  const stranger = await ask("/wp-admin/options-general.php?page=polku");
  assert.equal(stranger.status, 302);
  assert.match(stranger.to, /wp-login/);
  const reader = await signIn("reader");
  assert.equal((await ask("/wp-admin/options-general.php?page=polku", { who: reader })).status, 403);
  const boss = await signIn("boss");
  const { text } = await ask("/wp-admin/options-general.php?page=polku", { who: boss });
  assert.match(text, /Key, script and collector are needed/);
  const nonce = field(text, "_wpnonce");
  assert.ok(nonce);
  assert.equal((await save(boss, settings(), "wrong")).status, 403, "without the form's nonce");
  assert.equal((await save(reader, settings(), nonce)).status, 403, "by somebody else");
  assert.equal(option(), null);
  assert.match((await save(boss, settings())).to, /settings-updated=true/);
  assert.deepEqual({ ...option(), prompts: undefined, chat: undefined, shop_name: undefined }, { ...settings(), prompts: undefined, chat: undefined, shop_name: undefined });
});

test("what is wrong is told of, and keeps its old value", { skip }, async () => {
  const boss = await signIn("boss");
  await save(boss, { ...settings(), key: '"><script>alert(1)</script>', collector: "javascript:alert(1)" });
  const { text } = await ask("/wp-admin/options-general.php?page=polku&settings-updated=true", { who: boss });
  assert.match(text, /letters, digits/);
  assert.match(text, /begins with https/);
  assert.doesNotMatch(text, /<script>alert/);
  assert.equal(option().key, "pk_wordpress");
  assert.equal(option().collector, settings().collector);
});

test("visitors get the tag, escaped; staff, feeds and previews do not", { skip }, async () => {
  const tag = tagOf((await ask("/")).text);
  for (const part of [" async", `src="${collector.origin}/polku/polku.js"`, 'data-key="pk_wordpress"', 'data-money="exact"', 'data-remember="no"', 'data-questions="default"']) {
    assert.ok(tag.includes(part), `${part} in ${tag}`);
  }
  assert.match(tag, /data-shop-name="Kahvi &quot;Kulma&quot; &amp;(amp;)? Co"/);
  assert.doesNotMatch(tag, /data-sensitive|data-mode/);
  assert.match(tagOf((await ask("/health/pills")).text) || "", /data-sensitive/);
  // WordPress leaves the port out of such hints.
  assert.match((await ask("/")).text, /<link href='http:\/\/127\.0\.0\.1' crossorigin='anonymous' rel='preconnect'/);
  assert.equal(tagOf((await ask("/", { who: await signIn("boss") })).text), undefined);
  assert.ok(tagOf((await ask("/", { who: await signIn("reader") })).text), "whoever only reads is a shopper");
  assert.equal(tagOf((await ask("/?feed=rss2")).text), undefined);
});

test("the settings speak Finnish on a Finnish site", { skip }, async () => {
  // WordPress offers the languages that it has a file of.
  const languages = join(dir, "www/wp-content/languages");
  mkdirSync(languages, { recursive: true });
  cpSync(join(plugin, "languages/polku-fi.mo"), join(languages, "fi.mo"));
  php("-r", `$_SERVER['HTTP_HOST'] = '${host}'; require '${dir}/www/wp-load.php'; update_option('WPLANG', 'fi');`);
  const { text } = await ask("/wp-admin/options-general.php?page=polku", { who: await signIn("boss") });
  php("-r", `$_SERVER['HTTP_HOST'] = '${host}'; require '${dir}/www/wp-load.php'; update_option('WPLANG', '');`);
  assert.ok(text.includes("Suostumusten hallinta"));
});

test("a browser measures after consent alone, and an order counts once", { skip: skip || (found() ? false : "there is no browser") }, async () => {
  const double = join(dir, "www/wp-content/mu-plugins");
  mkdirSync(double, { recursive: true });
  cpSync(join(here, "woocommerce.php"), join(double, "woocommerce.php"));
  writeFileSync(join(double, "z.php"), "<?php add_action( 'wp_footer', static function () { if ( 'order-received' === woo_page() ) { do_action( 'woocommerce_thankyou', 2001 ); } }, 5 );\n");
  await withBrowser(async (browser) => {
    await browser.open(`http://${host}/?woo=product`);
    await browser.until("window.polku && window.polku.version && performance.getEntriesByType('resource').some(({ name }) => /core-.*wasm/.test(name))");
    assert.equal(collector.batches.length, 0, "nobody has agreed");
    await browser.run("polku.consent({ measure: true })");
    await browser.until("polku.journey()");
    for (const page of ["product", "cart", "order-received", "order-received"]) {
      await browser.open(`http://${host}/?woo=${page}`);
      await browser.until("window.polku && window.polku.version");
      await browser.run("polku.consent({ measure: true, since: 'earlier' })");
      await browser.until("polku.journey()");
      await browser.run("return polku.flush()");
    }
    assert.deepEqual((await browser.messages()).filter((message) => !/favicon/.test(message)), []);
  });
  const [viewed] = collector.named("view_item");
  assert.deepEqual(viewed.data.items, [{ item_id: "AAMU-250", item_name: "Aamu", price: 23.95, quantity: 1 }]);
  assert.equal(collector.named("view_cart").length, 1);
  const bought = collector.named("purchase");
  assert.equal(bought.length, 1);
  assert.equal(bought[0].data.value, 53.8);
  assert.doesNotMatch(JSON.stringify(collector.batches.map(({ headers, ...batch }) => batch)), /2001-A/);
  assert.equal(collector.batches[0].headers.cookie, undefined);
  rmSync(double, { recursive: true });
});

test("nothing stays behind", { skip }, () => {
  const left = php("-r", `$_SERVER['HTTP_HOST'] = '${host}'; require '${dir}/www/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('polku/polku.php'); uninstall_plugin('polku/polku.php'); global $wpdb; echo json_encode($wpdb->get_col("select option_name from $wpdb->options where option_name like '%polku%'"));`);
  assert.equal(left, "[]");
});
