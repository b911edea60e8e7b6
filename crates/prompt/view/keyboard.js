// The screen keyboard of phones: browsers lay it over the page, so the sheet climbs above it by itself.

/** Less than this is a browser's bar that comes and goes. */
const KEYBOARD_PX = 60;

/** Writes how much of the window's lower end the keyboard covers, where the style sheet reads it. */
export function follow(host, signal) {
  const seen = window.visualViewport;
  const move = () => {
    const covered = innerHeight - seen.height - seen.offsetTop;
    // Someone who has zoomed in sees a part of the window: that is no keyboard.
    const up = covered > KEYBOARD_PX && seen.scale < 1.01;
    host.style.setProperty("--k", (up ? Math.round(covered) : 0) + "px");
    host.toggleAttribute("data-keyboard", up);
  };
  seen?.addEventListener("resize", move, { signal });
  seen?.addEventListener("scroll", move, { signal });
}
