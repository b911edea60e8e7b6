// A textarea with numbered lines. No more: what is typed is the browser's business.

/** `changed` hears of every change of the text, a moment after the last key. */
export function editor(area, numbers, changed) {
  const PAUSE = 350;
  let timer;
  let lines = 0;

  const number = () => {
    const now = area.value.split("\n").length;
    if (now !== lines) numbers.textContent = Array.from({ length: (lines = now) }, (_, nth) => nth + 1).join("\n");
    numbers.scrollTop = area.scrollTop;
  };

  area.addEventListener("scroll", () => (numbers.scrollTop = area.scrollTop));
  area.addEventListener("input", () => {
    number();
    clearTimeout(timer);
    timer = setTimeout(changed, PAUSE);
  });

  return {
    get text() {
      return area.value;
    },
    set text(text) {
      area.value = text;
      area.scrollTop = 0;
      area.setSelectionRange(0, 0);
      number();
      clearTimeout(timer);
      changed();
    },
    /** Goes to a line, selects it and puts the focus there. */
    jump(line) {
      const before = area.value.split("\n").slice(0, line - 1).join("\n");
      const from = before.length + (line > 1 ? 1 : 0);
      const end = area.value.indexOf("\n", from);
      area.focus();
      area.setSelectionRange(from, end < 0 ? area.value.length : end);
      const height = parseFloat(getComputedStyle(area).lineHeight);
      area.scrollTop = Math.max(0, (line - 4) * height);
    },
  };
}
