// Says when there is something new: by server-sent events, by asking now and then where these do not come through.

const POLL = 5000;

/**
 * Calls `changed()` at once and after each change, `state("live" | "lost")` when the connection comes and goes.
 * A hidden page reads nothing; it catches up when it is looked at.
 */
export function follow(changed, state) {
  let missed = false;
  let timer = 0;
  let source = null;

  const tell = () => {
    if (document.hidden) missed = true;
    else changed();
  };

  const open = () => {
    source = new EventSource("/api/changes");
    source.addEventListener("open", () => {
      clearTimeout(timer);
      timer = 0;
      state("live");
    });
    source.addEventListener("change", tell);
    source.addEventListener("error", () => {
      state("lost");
      // The browser tries again by itself, except after an answer that it takes for final.
      if (source.readyState === EventSource.CLOSED) source = null;
      poll();
    });
  };

  const poll = () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      if (document.hidden) return;
      changed();
      if (!source) open();
      if (source.readyState !== EventSource.OPEN) poll();
    }, POLL);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (missed) {
      missed = false;
      changed();
    }
    if (!source || source.readyState !== EventSource.OPEN) poll();
  });

  open();
}
