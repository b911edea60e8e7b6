// Prompts on a page: their definitions, what asks (`www/ask.js`), and the one that is open. Fetched as soon as one may be shown.
import * as near from "polku:near";
import { OPEN, REPORT } from "../core/protocol.js";
import * as store from "./ask/store.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

/** What a prompt reports to the engine, in the order of its numbers. */
const REPORTS = ["shown", "answer", "closed", "offsite"];
/** What becomes of a prompt, in the order of `polku_core::asker::End`. */
const ENDS = ["shown", "answered", "completed", "dismissed", "snoozed", "never", "abandoned", "failed"];
/** What asks is told of a definition. */
const HEAD = ["id", "version", "kind", "when", "who", "limits", "quiet", "ui"];
/** What of a definition opens a conversation. */
const chats = ({ steps }) => [steps].flat().filter((step) => step && (step.ask === "chat" || [step.actions].flat().some((action) => action?.adapter === "polku")));
/** Where developers work: what is not quite right is told there, too. */
const DEVELOPER = /^(localhost|127\.[\d.]+|\[::1\])$|\.(test|local|localhost)$/;

/** `shell`: what the page's shell lends. Gives back what it is told, each with the time. */
export async function prompter(shell) {
  const { root, options, lanes, listeners, fail, input } = shell;
  const definitions = new Map();
  const status = document.createElement("div");
  // What has asked to open; what is open: its definition, submission and trigger, what was answered in it; and what is measured.
  let wanted, current, opened, asks, flags = 0;
  // The ids of launchers that are ours to draw, those that were sent away on this page, and the one that is there as a pill.
  let pills = [];
  const away = new Set();
  // What `<polku-prompt>` and `<polku-launcher>` are told by, wherever they are: `www/part/elements.js` puts in what it knows of them.
  const elements = { of: (id) => definitions.get(id), may: () => flags & 1, press: (id, user) => asks.asked(id, user), fail };
  const offer = () => document.dispatchEvent(new CustomEvent("polku-prompts", { detail: elements }));

  const quietly = (run) => {
    try {
      return run() || undefined;
    } catch {
      // The check of definitions says so.
    }
  };
  /** Tells the page. Never from within: who listens may call us, click, or throw. */
  const notify = (topic, detail) => {
    for (const listen of listeners[topic] || []) queueMicrotask(() => listen(detail));
  };
  const tell = (event, more) => notify("prompt", { prompt: current.id, event, trigger: current.trigger, ...more });

  const mayRemember = () => (flags & 6) === 6;
  /** The line to the shop, where it takes conversations; and whether one goes on here though nothing is measured. */
  const line = options.chat && (await import(root + POLKU_FILES.line).then((part) => part.line(options, mayRemember), () => {}));
  let talks;

  /** Tells what is wrong with a definition, in full. */
  const explain = (definition) => import(root + POLKU_FILES.check).then((part) => part.explain(definition, fail)).catch(() => 0);

  const define = (definition) => {
    const { id, when } = definition || {};
    // The id is a word of what is kept.
    if (typeof id !== "string" || !/^[\w-]{1,40}$/.test(id)) return fail(220, "data-prompts");
    if (when && (when.all || when.not)) return fail(221, id);
    if (!definitions.has(id)) definitions.set(id, definition);
    if (!line && chats(definition).length) fail(247, `${id} data-chat`);
    if (DEVELOPER.test(location.hostname)) explain(definition);
  };
  const load = async () => {
    if (options.questions && options.questions !== "default") fail(104, "data-questions");
    else if (options.questions) {
      const { questions } = await import(root + POLKU_FILES.questions);
      (await questions(options, document.documentElement.lang || navigator.language)).forEach(define);
    }
    if (options.prompts) {
      const response = await fetch(new URL(options.prompts, location.href));
      if (!response.ok) throw Error(response.status);
      [await response.json()].flat().forEach(define);
    }
  };

  /** Asks the engine for a submission: what comes of it is told to `open`. */
  const want = (what) => {
    wanted = what;
    const { version = 1 } = definitions.get(what.id);
    input(OPEN, (what.user || what.launcher ? 0 : 1) | (version << 1), what.id, what.trigger, what.sub || "");
  };

  const opens = (what) => {
    if (current && current.launcher && opened) {
      // Our own pill was pressed: then it is there already.
      if (current.id === what.id && what.user) return;
      away.delete(current.id);
      end();
    }
    want(what);
  };
  /** Tells the launchers of a prompt whether it is open. */
  const expanded = (id, is, element) => {
    asks.expanded(id, is, element);
    elements.expanded?.(id, is);
  };
  const end = () => {
    expanded(current.id, false);
    current = 0;
    if (opened) opened.destroy();
    opened = 0;
  };

  /** Our own launcher is a prompt that begins, and goes back to being, a pill. */
  const draw = () => {
    const id = pills.find((id) => !away.has(id));
    if (current && current.launcher && (!id || current.id !== id)) end();
    if (id && !current && !wanted) want({ id, trigger: "launcher", pill: 1, launcher: 1 });
  };
  /** The shopper has opened our pill. */
  const launch = () => {
    if (!current.launcher || current.used) return;
    current.used = 1;
    asks.asked(current.id, 1);
    report({ type: "shown", sub: current.sub });
  };

  const keep = () => {
    const { id, version, sub, trigger, user, shown, answers, state } = current;
    if (flags & 2 && state && !current.launcher) store.keepOpen({ id, version, sub, trigger, user, shown, answers, state });
  };

  const report = (event) => {
    if (!current) return;
    const { type, sub } = event;
    if (sub && sub !== current.sub) return;
    const send = (detail) => input(REPORT, REPORTS.indexOf(type), JSON.stringify(detail));
    // Until it is opened our own pill is a button like any other.
    if (current.launcher && !current.used && (type === "shown" || type === "closed")) {
      if (type === "closed") {
        away.add(current.id);
        current = opened = 0;
      }
      return;
    }
    if (type === "shown") {
      // On the page before it was seen already.
      if (current.shown) return;
      current.shown = 1;
      send({});
      asks.ended(0);
      tell(type);
      keep();
    } else if (type === "answer") {
      const { step, rev, ask, skipped } = event;
      send(event);
      current.answers[step] = [rev, ask];
      if (!skipped) asks.ended(1);
      tell("answered", { step });
      keep();
    } else if (type === "closed") {
      send(event);
      // The conversation stays; it is not open any more.
      line?.keep({ id: undefined });
      if (flags & 2) store.keepOpen();
      const { reason } = event;
      asks.ended(event.never ? 5 : Math.max(ENDS.indexOf(reason === "expired" ? "abandoned" : reason), 2));
      expanded(current.id, false);
      tell(type, { reason });
      current.closed = 1;
      if (reason !== "completed") {
        // Who closes a conversation can come back to it.
        if (current.launcher && !(current.used && chats(definitions.get(current.id)).length)) away.add(current.id);
        current = opened = 0;
        draw();
      }
    } else if (type === "offsite") {
      if (current.measure) send(event);
    } else if (type === "kept") {
      current.state = event.state;
      // On a page with special content what is being written stays on that page.
      if (options.sensitive !== undefined && current.state) current.state = { ...current.state, drafts: undefined };
      keep();
    } else if (type === "minimised") {
      if (!event.minimised) launch();
      line?.keep({ minimised: event.minimised });
      expanded(current.id, !event.minimised);
    } else if (type === "forget") {
      // Whatever rev was highest is not any more, and holds nothing.
      for (const [step, [rev, ask]] of Object.entries(current.answers)) {
        input(REPORT, 1, JSON.stringify({ step, rev: rev + 1, ask, skipped: true }));
        current.answers[step] = [rev + 1, ask];
      }
      if (flags & 2) store.keepOpen();
      tell("forgotten");
    } else if (type === "known") {
      // No news of the prompt: the shopper wants to know what is known.
      window.polku.privacy.open();
    } else notify(type, { prompt: current.id, ...event, sub: undefined });
  };

  /** The engine lets it: `measure` says whether answers are joined to the path. */
  const open = async (measure, [sub, path]) => {
    if (!wanted) return;
    const { id, trigger, pill, user, launcher, resumed } = wanted;
    wanted = 0;
    let definition = definitions.get(id);
    const { version = 1, ui = {} } = definition;
    // Without `measure` nothing is known of where the shopper was in the prompt: the conversation goes on alone.
    if (talks) {
      definition = line.alone(definition, chats(definition)[0]);
      talks = 0;
    }
    const mine = (current = { id, version, sub, trigger, user, measure, launcher, answers: {}, ...resumed });
    if (!status.isConnected) document.body.append(status);
    const { state = {} } = resumed || {};
    const place = elements.place?.(id);
    const inline = place || quietly(() => ui.inline && document.querySelector(ui.inline));
    const opener = trigger === "launcher" && (elements.pressed?.() || quietly(() => document.querySelector(ui.launcher)));
    const minimised = resumed && (state.minimised || asks.isBusy());
    const context = {
      sub,
      trigger,
      measure: !!measure,
      path: path && JSON.parse(path),
      // What stands in its place from the beginning takes the focus from nobody.
      user: !!user && !resumed && !(place && trigger === "api"),
      lang: document.documentElement.lang || navigator.language,
      // Without `measure` an answer goes to the first alone.
      collector: [...new Set((measure ? lanes : lanes.slice(0, 1)).map(({ url }) => quietly(() => new URL(url, location.href).host)))].filter(Boolean).join(", ") || location.host,
      status,
      first: inline || !pill ? "card" : "pill",
      launcher,
      resume: state.kept,
      drafts: state.drafts,
      handed: state.handed,
      chat: line && line.lent((kept) => (mine.hushed ? 0 : kept(current === mine && !mine.closed ? id : undefined))),
      minimised,
      inline,
      opener,
    };
    try {
      const prompt = POLKU_FILES.prompt ? await import(root + POLKU_FILES.prompt) : near;
      const made = await prompt.open(definition, context, report);
      // It may have been closed while it came.
      if (current !== mine) return mine.closed || made.destroy();
      opened = made;
      if (!launcher) {
        if (!resumed) tell("opened", { first: context.first });
        expanded(id, true, document.querySelector("[data-polku-prompt]"));
      }
    } catch (error) {
      current = opened = 0;
      away.add(id);
      if (resumed && flags & 2) store.keepOpen();
      asks.ended(7);
      const [, code, field] = /^polku E(\d+) ?(.*)/.exec(error && error.message) || [];
      // What is wrong with a definition is said in full, where what knows it can be had.
      if (!code || !(await explain(definition))) fail(code || 224, code ? field : id, error);
    }
  };

  /** … and so does a conversation that the shopper has begun; gives back in which prompt, where that is not open anyway. */
  const goOn = () => {
    const { id, minimised } = (line && line.kept()) || {};
    const definition = id && definitions.get(id);
    if (!definition || current || wanted || !chats(definition).length || (flags & 2 && store.open())) return;
    talks = 1;
    want({ id, trigger: "launcher", user: 1, pill: 0, resumed: { talks, answers: {}, shown: 1, state: { kept: "-", minimised } } });
    return id;
  };

  /** What was open on the page before goes on here: not announced, and without the focus. */
  const resume = () => {
    const kept = !(current && current.talks) && store.open();
    const definition = kept && definitions.get(kept.id);
    if (!kept || !kept.state || !definition || (definition.version || 1) !== kept.version) return;
    const { id, trigger, sub, user } = kept;
    asks.resumed(id, !user, Object.keys(kept.answers).length);
    want({ id, trigger, sub, user, pill: 0, resumed: kept });
  };

  try {
    await load();
  } catch (error) {
    fail(223, options.prompts ? "data-prompts" : "data-questions", error);
  }
  const heads = [...definitions.values()].map((definition) => Object.fromEntries(HEAD.map((name) => [name, definition[name]])));
  if (!heads.length) return {};
  // For the debug panel: www/part/debug/.
  notify("definitions", heads);
  const part = await import(root + POLKU_FILES.ask);
  asks = await part.asker({
    ...shell,
    heads,
    opens,
    stays: (prompt, trigger, reason) => notify("prompt", { prompt, event: "suppressed", reason, trigger }),
    own(ids) {
      pills = ids;
      draw();
    },
  });
  // Mounted empty and early: a live region that comes with its text is not read out.
  status.setAttribute("role", "status");
  status.setAttribute("data-polku-status", "");
  // Through the CSSOM, which a strict CSP allows.
  status.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  document.body.append(status);
  document.addEventListener("polku-element", offer);
  offer();
  if (document.querySelector("polku-prompt,polku-launcher")) import(root + POLKU_FILES.elements).catch((error) => fail(224, "elements", error));
  // A link in a mail asks for one of the definitions. Who loads the page again has seen it.
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  let link = type === "navigate" && new URLSearchParams(location.search).get("polku_prompt");

  return {
    may(at, now) {
      const begins = now & ~flags & 2;
      const may = now & ~flags & 1;
      // Who withdraws wants nothing kept, nor who wants to be remembered no longer.
      if (flags & ~now & 3) {
        line?.drop();
        if (current) current.hushed = 1;
      } else if (flags & ~now & 4) line?.forget();
      flags = now;
      // Before our own launcher is drawn.
      const talking = may && goOn();
      asks.may(at, now);
      if (talking) asks.resumed(talking, 0, 0);
      if (begins) resume();
      if (link && definitions.has(link)) asks.asked(link, 2);
      link = 0;
      if (!(now & 1)) pills = [];
      draw();
      offer();
    },
    hear: (at, text) => asks.hear(at, text),
    open: (at, measure, text) => open(measure, text.split("\n")),
    asked: (at, id) => asks.asked(String(id), 0),
    close() {
      if (opened) opened.close();
    },
    destroy() {
      if (opened) opened.destroy();
      asks.destroy();
      status.remove();
      document.removeEventListener("polku-element", offer);
      flags = 0;
      offer();
      current = opened = wanted = 0;
    },
  };
}
