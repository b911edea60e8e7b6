/** All that a developer may do in the panel. */
const TYPES =
  "pointerdown pointerup pointermove pointerover pointerout mousedown mouseup mousemove mouseover mouseout click dblclick auxclick contextmenu wheel touchstart touchmove touchend keydown keyup keypress beforeinput input change focusin focusout focus blur scroll copy"
    .split(" ");

/**
 * Keeps what happens in `host` from the page and from what watches it: a click in the panel is no rage click, and no sign of life. It listens before they do,
 * and hands on what is for the panel by itself. What the browser does of its own accord (focus, scrolling, marking) goes on.
 */
export function guard(host) {
  let run = () => {};
  const stop = (event) => {
    // Seen from the window everything in the panel is the host.
    if (event.target !== host) return;
    event.stopImmediatePropagation();
    run(event);
  };
  const options = { capture: true, passive: false };
  for (const type of TYPES) addEventListener(type, stop, options);
  return {
    handle: (handler) => (run = handler),
    release: () => TYPES.forEach((type) => removeEventListener(type, stop, options)),
  };
}
