/** Whoever types, or has another dialog open, is not asked. */
const TYPING = "input:not([type=button],[type=submit],[type=checkbox],[type=radio]),textarea,select,[contenteditable]";
const DIALOG = "dialog[open],[aria-modal=true],[role=alertdialog]";

/** Definitions, the prompt's module and the live region: fetched and mounted when the engine says so, not before. */
export function prompter({ files, root, options, collector, fail, glue }) {
  const definitions = new Map();
  let status, opened;
  const failed = (error, id) => {
    glue.prompt_event({ type: "failed" });
    const [, code, field] = /^polku E(\d+) ?(.*)/.exec(error && error.message) || [0, 224, id];
    fail(code, field, error);
  };
  const host = {
    async load() {
      if (!options.prompts) return;
      let list;
      try {
        const response = await fetch(new URL(options.prompts, location.href));
        if (!response.ok) throw Error(response.status);
        list = [await response.json()].flat();
      } catch (error) {
        return fail(223, "prompts", error);
      }
      for (const definition of list) definitions.set(definition && definition.id, definition);
      // Mounted empty and early: a live region that comes with its text is not read out.
      status = document.createElement("div");
      status.setAttribute("role", "status");
      status.setAttribute("data-polku-status", "");
      // Through the CSSOM, which a strict CSP allows.
      status.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
      document.body.append(status);
      glue.prompts(list);
    },
    async open(id, sub, trigger, measure, user) {
      await 0; // never answer before the call has ended
      const { activeElement } = document;
      if (!user && ((activeElement && activeElement.matches(TYPING)) || document.querySelector(DIALOG))) {
        return glue.prompt_event({ type: "busy" });
      }
      if (!status.isConnected) document.body.append(status);
      const context = {
        sub,
        trigger,
        measure,
        user,
        lang: document.documentElement.lang || navigator.language,
        collector: new URL(collector).host,
        status,
      };
      try {
        const prompt = await import(root + files.prompt);
        opened = await prompt.open(definitions.get(id), context, (event) => glue.prompt_event(event));
      } catch (error) {
        failed(error, id);
      }
    },
    close() {
      if (opened) opened.close();
    },
    quiet() {
      document.cookie = "polku_quiet=1;path=/;samesite=lax";
    },
  };
  return {
    host,
    destroy() {
      if (opened) opened.destroy();
      if (status) status.remove();
    },
  };
}
