import { BUSY, PROMPT, PROMPTS, REPORT, bits } from "../core/protocol.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

/** Whoever types, or has another dialog open, is not asked. */
const TYPING = "input:not([type=button],[type=submit],[type=checkbox],[type=radio]),textarea,select,[contenteditable]";
const DIALOG = "[data-polku-open],dialog[open],[aria-modal=true],[role=alertdialog]";

/** What a prompt reports; what else it may say is that it failed. */
const REPORTS = ["shown", "answer", "closed", "failed"];

/** Definitions, the prompt's module and the live region: all of this is fetched when the engine says so, not before. */
export function prompter({ root, options, collector, fail, input }) {
  const definitions = new Map();
  let status, opened;
  const report = (event) => {
    // No news of the prompt: the shopper wants to know what is known.
    if (event.type === "known") window.polku.privacy.open();
    else input(REPORT, REPORTS.indexOf(event.type), JSON.stringify(event));
  };

  /** Tells the engine when a prompt opens. What cannot be followed to the letter stays shut: better than the wrong people asked. */
  const tell = (definition) => {
    const { id, version = 1, when = {}, quiet = {}, who } = definition || {};
    // The id is a word of the stored record.
    if (typeof id !== "string" || !/^[\w-]{1,40}$/.test(id)) return fail(220, "data-prompts");
    if (who || when.all || when.not || when.cancelOn) return fail(221, id);
    const words = (when.any || (when.on ? [when] : [])).map(({ on, is }) => (on === "stage" ? `stage:${is}` : on));
    definitions.set(id, definition);
    input(PROMPT, when.delayMs, id, version, bits(quiet.automation === false), words);
  };

  return {
    async load() {
      if (!options.prompts) return;
      try {
        const response = await fetch(new URL(options.prompts, location.href));
        if (!response.ok) throw Error(response.status);
        [await response.json()].flat().forEach(tell);
      } catch (error) {
        return fail(223, "data-prompts", error);
      }
      // Mounted empty and early: a live region that comes with its text is not read out.
      status = document.createElement("div");
      status.setAttribute("role", "status");
      status.setAttribute("data-polku-status", "");
      // Through the CSSOM, which a strict CSP allows.
      status.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
      document.body.append(status);
      input(PROMPTS);
    },
    async open(flags, text) {
      await 0; // never answer before the call has ended
      const [id, sub, trigger] = text.split("\n");
      const [measure, user] = [!!(flags & 1), !!(flags & 2)];
      const { activeElement } = document;
      if (!user && ((activeElement && activeElement.matches(TYPING)) || document.querySelector(DIALOG))) {
        return input(BUSY);
      }
      if (!status.isConnected) document.body.append(status);
      const lang = document.documentElement.lang || navigator.language;
      const context = { sub, trigger, measure, user, lang, collector: new URL(collector).host, status };
      try {
        const prompt = await import(root + POLKU_FILES.prompt);
        opened = await prompt.open(definitions.get(id), context, report);
      } catch (error) {
        report({ type: "failed" });
        const [, code, field] = /^polku E(\d+) ?(.*)/.exec(error && error.message) || [0, 224, id];
        fail(code, field, error);
      }
    },
    close() {
      if (opened) opened.close();
    },
    destroy() {
      if (opened) opened.destroy();
      if (status) status.remove();
    },
  };
}
