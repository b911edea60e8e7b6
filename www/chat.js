// A conversation with the shop: the chat's module, what speaks with the shop's endpoint (part/chat/line.js), and what draws it (part/chat/view.js). Fetched
// when one opens in a prompt's card. Decides nothing.
import init, * as glue from "polku:glue";
import { inLanguage } from "./part/language.js";
import { journey } from "./part/chat/journey.js";
import { line } from "./part/chat/line.js";
import { view } from "./part/chat/view.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

// What crosses into the module: `crates/chat/src/lib.rs` reads these numbers.
const [BEGIN, ANSWERED, BYTES, BROKE, SAY, JOURNEY, RETRY, END, FORGET, ANEW, ONLINE, HIDDEN, LEFT, TICK] = Array(14).keys();
const base = new URL(".", import.meta.url).href;
const kept = {};

async function load(name) {
  const response = await fetch(base + name);
  if (!response.ok) throw new Error(name);
  return response;
}
/** Once; asked for again if it did not work. */
const once = (name, start) =>
  (kept[name] ??= start().catch((error) => {
    delete kept[name];
    throw error;
  }));

/** 32 letters, of which five bits each count. */
const entropy = () => String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)).map((byte) => (byte & 31) | 64));

/** What ends the conversation that is open: there is one at a time. */
let stop;

/**
 * Opens the conversation in `box`, an element of `card`. `lang`: of the words. `chat`: `{url, key, path, kept: {line, draft}, keep(line, draft)}`; `news(text)` is told of answers
 * while the card is folded, `done()` that the shopper has come to the end. Gives back `end()`, and `seen()` for when the card unfolds. `hands`: what the card is drawn with.
 */
export async function talk({ box, card, lang, chat, privacyUrl, folded, news, done, hands }) {
  const [words] = await Promise.all([once(lang, async () => (await load(inLanguage(POLKU_FILES.texts, lang))).json()), once("module", () => init(base + POLKU_FILES.wasm))]);
  stop?.();
  const leaving = new AbortController();
  const { signal } = leaving;
  let timer;
  const tell = (kind, number = 0, ...lines) => {
    if (!signal.aborted) glue.input(kind, Date.now() - performance.now(), performance.now(), number, lines.join("\n"));
  };
  const wire = line(chat.url, chat.key, {
    answered: (token, ...rest) => tell(ANSWERED, token, ...rest),
    bytes: (token, text) => tell(BYTES, token, text),
    broke: (token, status) => tell(BROKE, token, status),
  });
  const { line: before = "", draft } = chat.kept;
  let mine = before;
  const keep = () => chat.keep(mine, mine && drawn.draft());
  const drawn = view({
    box,
    card,
    words,
    privacyUrl,
    written: draft,
    journey,
    deeds: {
      say(text, along) {
        if (along) tell(JOURNEY, 0, JSON.stringify(along));
        tell(SAY, 0, text);
      },
      retry: () => tell(RETRY),
      end: () => tell(END),
      forget: () => tell(FORGET),
      anew: () => tell(ANEW, 0, entropy()),
      done,
    },
    folded,
    news,
    hands,
  });
  const effects = [
    (token) => wire.state(token),
    (token, text) => wire.post(token, ...cut(text)),
    (token, text) => wire.stream(token, ...text.split("\n")),
    (token, text) => wire.poll(token, ...text.split("\n")),
    () => wire.hang(),
    (known, text) => drawn.entry(text, known),
    (n, text) => drawn.mine(n, ...cut(text)),
    () => drawn.clear(),
    (number, text) => drawn.status(JSON.parse(text)),
    (number, text) => {
      mine = text;
      keep();
    },
    (wait) => {
      clearTimeout(timer);
      if (wait >>> 31 < 1) timer = setTimeout(tell, wait, TICK);
    },
  ];
  glue.onTrap((error, dead) => {
    if (dead) drawn.status({ phase: "off" });
  });
  glue.host.effect = (kind, number, text) => signal.aborted || effects[kind](number, text);
  const on = (target, type, run) => target.addEventListener(type, run, { signal });
  on(document, "visibilitychange", () => tell(HIDDEN, +document.hidden));
  for (const type of ["online", "offline"]) on(window, type, () => tell(ONLINE, +(type === "online")));
  on(window, "pagehide", () => {
    if (mine) keep();
    tell(LEFT);
    wire.hang();
  });
  on(window, "pageshow", ({ persisted }) => persisted && tell(HIDDEN, +document.hidden));
  stop = () => {
    leaving.abort();
    clearTimeout(timer);
    wire.hang();
    drawn.end();
    stop = 0;
  };
  glue.start([chat.key, document.documentElement.lang || lang, chat.path].join("\n"));
  if (document.hidden) tell(HIDDEN, 1);
  tell(BEGIN, 0, entropy(), mine);
  if (!navigator.onLine) tell(ONLINE, 0);
  const off = stop;
  return {
    /** The shopper is back at it. */
    seen: drawn.seen,
    /** Takes it off; what is under way still arrives. */
    end() {
      if (signal.aborted) return;
      if (mine) keep();
      off();
    },
    title: words.title,
  };
}

/** The first line, and the rest. */
function cut(text) {
  const at = text.indexOf("\n");
  return [text.slice(0, at), text.slice(at + 1)];
}
