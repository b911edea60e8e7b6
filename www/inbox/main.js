// Puts the inbox together: reads, shows, follows, answers.

import { h, replace } from "/map/dom.js";
import { languageName, moment } from "/map/format.js";
import { LANGS, lang, speak } from "/map/texts.js";
import * as api from "./api.js";
import { shopper, showList, walk, wants } from "./list.js";
import { showPath } from "./path.js";
import { showReplies } from "./replies.js";
import { Talk, drawLog, when } from "./thread.js";
import { t } from "./texts.js";

const ME = "polku-inbox-name";
/** A sign of typing at most so often, in ms: the shopper's page believes one for six seconds. */
const TYPES = 3000;

const $ = (id) => document.getElementById(id);
const talks = new Map();
let listed = null;
let open = null;
let connection = "lost";
let stop = null;
let reading = false;
let again = false;
let typed = 0;
/** What has happened to the conversation that was open; it is said until one goes on. */
let notice = "";

const wide = () => matchMedia("(min-width: 760px)").matches;
const talk = () => (open === null ? null : talks.get(open));

/** One reading at a time; what changes meanwhile is read after it. */
async function refresh() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  do {
    again = false;
    try {
      listed = await api.readList();
      if (open !== null) await readOpen();
      alarm(notice);
      show();
    } catch (why) {
      if (why.status === 401) shut(true);
      else alarm(t("failed"));
    }
  } while (again && stop);
  reading = false;
}

async function readOpen() {
  const one = talk();
  try {
    const found = await api.readThread(one.id, one.last);
    const { entries, path, ...summary } = found;
    const fresh = entries.filter((entry) => entry.by === "shopper" && entry.seq > one.last && one.entries.length);
    one.take(entries);
    one.path = path;
    one.summary = summary;
    one.settle();
    if (fresh.length && document.hidden) tell(t("wrote", { name: shopper(one.id), text: fresh[fresh.length - 1].text }));
    if (summary.unread && !document.hidden && open === one.id) {
      summary.unread = 0;
      for (const each of listed.conversations) if (each.id === one.id) each.unread = 0;
      api.seen(one.id, one.last).catch(() => {});
    }
  } catch (why) {
    if (why.status !== 404) throw why;
    forget(one.id);
    notice = t("gone");
  }
}

function forget(id) {
  talks.delete(id);
  if (open !== id) return;
  open = null;
  if (listed) listed.conversations = listed.conversations.filter((each) => each.id !== id);
}

function show() {
  if (!listed) return;
  const { conversations, now } = listed;
  showList($("list"), conversations, open, now, choose);
  $("none").hidden = conversations.length > 0;
  $("list").hidden = !conversations.length;
  const many = conversations.filter(wants).length;
  document.title = `${many ? `(${many}) ` : ""}${t("title")} · Polku`;
  $("hours").className = listed.open ? "hours open" : "hours";
  replace($("hours"), listed.open ? t("open") : listed.opens ? t("closedUntil", { when: moment(listed.opens) }) : t("closed"));
  document.body.classList.toggle("reading", open !== null);
  $("talk").hidden = open === null;
  $("nobody").hidden = open !== null;
  if (open === null) return showNobody(conversations.length > 0);
  showTalk();
}

function showNobody(some) {
  const tag = `data-chat="${location.origin}/v1/chat"`;
  replace($("nobody"), h("section", { class: "empty" },
    h("div", { class: "bubbles", "aria-hidden": "true" }, h("span"), h("span"), h("span")),
    h("h2", { id: "h-nobody" }, some ? t("nobodyTitle") : t("emptyTitle")),
    h("p", null, some ? t("nobodyText") : t("emptyText")),
    some ? null : h("pre", { tabindex: "0" }, h("code", null, tag))));
  $("thread").setAttribute("aria-labelledby", "h-nobody");
}

function showTalk() {
  const one = talk();
  const { summary } = one;
  if (!summary) return;
  $("thread").setAttribute("aria-labelledby", "h-thread");
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40 || log.shown !== one.id;
  if (log.shown !== one.id) {
    log.replaceChildren();
    log.signs = [];
    log.shown = one.id;
    $("newer").hidden = true;
  }
  replace($("h-thread"), shopper(one.id));
  const facts = [summary.here ? t("here") : t("away"), summary.lang && languageName(summary.lang), summary.page && t("on", { page: summary.page }), t("since", { when: when(summary.begun) }), summary.person && t("with", { name: summary.person })];
  replace($("facts"), facts.filter(Boolean).map((fact, at) => [at ? " · " : "", h("bdi", null, fact)]));
  $("end").hidden = summary.ended;
  $("steps").hidden = !one.path;
  if (!one.path) $("path").hidden = true;
  $("steps").setAttribute("aria-expanded", String(!$("path").hidden));
  if (one.path) showPath($("path"), one.path);
  const before = log.lastElementChild;
  drawLog(log, one, shopper(one.id), retry);
  if (atEnd) log.scrollTop = log.scrollHeight;
  else if (log.lastElementChild !== before) $("newer").hidden = false;
  $("text").placeholder = summary.ended ? t("startAgain") : t("answer");
  document.querySelector("label[for=text]").textContent = t("answerTo", { name: shopper(one.id) });
}

/** Goes to a conversation; the draft of the one before stays with it. */
async function choose(id) {
  leave();
  open = id;
  if (!talks.has(id)) talks.set(id, new Talk(id));
  $("text").value = talk().draft;
  $("path").hidden = true;
  $("saved").open = false;
  notice = "";
  alarm("");
  show();
  await refresh();
  if (open !== id) return;
  (wide() ? $("text") : $("h-thread")).focus();
}

function leave() {
  if (open === null) return;
  if (talk()) talk().draft = $("text").value;
  stopTyping();
}

function back() {
  const from = open;
  leave();
  open = null;
  show();
  (document.querySelector(`[data-talk="${from}"]`) ?? $("thread")).focus();
}

function send() {
  const text = $("text").value.trim();
  const one = talk();
  if (!text || !one) return;
  const token = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const wait = { token, text, after: one.last, by: "person", name: $("me").value.trim() || undefined, at: Math.floor(Date.now() / 1000) };
  one.pending.push(wait);
  one.draft = "";
  $("text").value = "";
  typed = 0;
  $("log").scrollTop = $("log").scrollHeight;
  showTalk();
  $("log").scrollTop = $("log").scrollHeight;
  deliver(one, wait);
}

/** One after the other, so that answers keep their order; each until the server has it. */
async function deliver(one, wait) {
  one.sending = (one.sending ?? Promise.resolve()).then(async () => {
    try {
      const { entry } = await api.say(one.id, wait.text, wait.name, wait.token);
      wait.done = entry.seq;
      await refresh();
    } catch (why) {
      if (why.status === 401) return shut(true);
      if (why.status === 404) return;
      wait.failed = true;
      if (open === one.id) showTalk();
      tell(t("notSent"));
    }
  });
}

function retry(wait) {
  delete wait.failed;
  const one = talk();
  showTalk();
  deliver(one, wait);
}

function types() {
  const now = Date.now();
  if (!$("text").value.trim()) return stopTyping();
  if (now - typed < TYPES) return;
  typed = now;
  api.typing(open, true).catch(() => {});
}

function stopTyping() {
  if (typed) api.typing(open, false).catch(() => {});
  typed = 0;
}

async function act(what) {
  try {
    await what();
    notice = "";
    alarm("");
    await refresh();
  } catch (why) {
    if (why.status === 401) shut(true);
    else alarm(t("notDone"));
  }
}

function alarm(text) {
  $("alarm").hidden = !text;
  replace($("alarm"), text);
}

const tell = (text) => replace($("said"), text);

/** The page without a key. */
function shut(wrong) {
  stop?.();
  stop = null;
  api.takeKey("");
  listed = null;
  open = null;
  talks.clear();
  for (const place of ["list", "log", "path"]) $(place).replaceChildren();
  $("log").shown = null;
  document.body.classList.remove("reading");
  document.title = `${t("title")} · Polku`;
  $("desk").hidden = true;
  $("lock").hidden = true;
  $("door").hidden = false;
  alarm("");
  showDoor(wrong);
  $("key").focus();
}

function showDoor(wrong) {
  const enter = (event) => {
    event.preventDefault();
    api.takeKey($("key").value);
    enterDesk();
  };
  $("door").replaceChildren(h("section", { class: "empty" },
    h("div", { class: "bubbles", "aria-hidden": "true" }, h("span"), h("span"), h("span")),
    h("h2", null, t("doorTitle")), h("p", null, t("doorText")),
    h("form", { class: "key", onsubmit: enter },
      h("label", { for: "key" }, t("doorLabel")),
      h("input", { id: "key", type: "password", autocomplete: "current-password", spellcheck: "false", required: true, "aria-invalid": wrong ? "true" : null, "aria-describedby": wrong ? "key-wrong" : null }),
      wrong ? h("p", { id: "key-wrong", class: "wrong", role: "alert" }, t("doorWrong")) : null,
      h("button", { type: "submit", class: "send" }, t("doorOpen")))));
}

function enterDesk() {
  $("door").hidden = true;
  $("desk").hidden = false;
  $("lock").hidden = false;
  stop?.();
  stop = api.follow(refresh, (state) => {
    connection = state;
    showConnection();
  }, () => shut(true));
}

function showConnection() {
  $("live").hidden = !stop;
  $("live").className = `live ${connection}`;
  replace($("live"), t(connection));
}

function speakAll() {
  document.documentElement.lang = lang();
  document.title = `${t("title")} · Polku`;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const button of $("langs").children) button.setAttribute("aria-pressed", String(button.lang === lang()));
  showConnection();
  if (!$("door").hidden) showDoor(false);
  $("log").signs = [];
  $("log").replaceChildren();
  showReplies($("replies"), $("text"), insert);
  show();
}

/** A saved reply goes where the cursor is. */
function insert(reply) {
  const text = $("text");
  text.setRangeText(reply, text.selectionStart, text.selectionEnd, "end");
  $("saved").open = false;
  text.focus();
  types();
}

for (const code of LANGS) {
  $("langs").append(h("button", { type: "button", lang: code, onclick: () => {
    speak(code);
    speakAll();
  } }, { en: "English", fi: "Suomi" }[code]));
}
$("me").value = localStorage.getItem(ME) ?? "";
$("me").addEventListener("change", () => localStorage.setItem(ME, $("me").value.trim()));
$("back").addEventListener("click", back);
$("lock").addEventListener("click", () => shut(false));
$("end").addEventListener("click", () => act(() => api.end(open)));
$("erase").addEventListener("click", () => $("sure").showModal());
$("sure").addEventListener("close", () => {
  const id = open;
  if ($("sure").returnValue !== "yes" || id === null) return;
  $("sure").returnValue = "";
  act(async () => {
    await api.erase(id);
    forget(id);
    show();
    tell(t("erased"));
    $("thread").focus();
  });
});
$("steps").addEventListener("click", () => {
  $("path").hidden = !$("path").hidden;
  $("steps").setAttribute("aria-expanded", String(!$("path").hidden));
});
$("newer").addEventListener("click", () => {
  $("log").scrollTop = $("log").scrollHeight;
  $("newer").hidden = true;
  $("text").focus();
});
$("log").addEventListener("scroll", () => {
  const log = $("log");
  if (log.scrollHeight - log.scrollTop - log.clientHeight < 40) $("newer").hidden = true;
}, { passive: true });
$("write").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("text").addEventListener("input", types);
$("text").addEventListener("keydown", (event) => {
  // While letters are being composed Enter belongs to them.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    document.querySelector('[data-talk][aria-current="true"]')?.focus();
  }
});
$("saved").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !$("saved").open) return;
  $("saved").open = false;
  $("saved").querySelector("summary").focus();
});
document.addEventListener("visibilitychange", () => document.hidden || !stop || refresh());
walk($("list"));
// Waiting times grow by themselves.
setInterval(() => {
  if (!listed || document.hidden) return;
  listed.now += 20;
  showList($("list"), listed.conversations, open, listed.now, choose);
}, 20_000);

speakAll();
if (api.findKey()) enterDesk();
else shut(false);
// An address with the key that is opened where the page is already.
addEventListener("hashchange", () => api.findKey() && enterDesk());
