// A shop themes the card with its own colours, and readable is what the card stays: what falls short of WCAG's contrast is moved
// until it does not, or left out where moving is no help.

/** WCAG 2.2, 1.4.3 for words and 1.4.11 for borders and the focus ring. */
const WORDS = 4.5;
const SHAPES = 3;
/** Our own grounds are 1.2 apart at most. */
const NEAR = 1.5;
/** Towards black or white in steps of a twentieth. */
const STEPS = 20;

/** Red, green and blue (0 to 255) of a computed colour; nothing where it is another notation, which a canvas has to read. */
const plain = (colour) => /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)?.slice(1).map(Number);

function read(colour) {
  const found = plain(colour);
  if (found) return found;
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** Relative luminance, as WCAG defines it. */
function light(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How far two colours stand apart: 1 to 21. */
export function contrast(one, other) {
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/** `colour`, or the nearest to it, towards black or white, that stands apart from each of `grounds` by `least`. */
export function legible(colour, grounds, least) {
  const ends = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  for (let step = 0; step <= STEPS; step++) {
    for (const end of ends) {
      const moved = colour.map((part, at) => Math.round(part + ((end[at] - part) * step) / STEPS));
      if (grounds.every((ground) => contrast(moved, ground) >= least)) return moved;
    }
  }
  return colour;
}

/** The card's own names of the colours, in the order in which they are made to fit, with what each must stand apart from. */
const PAIRS = [
  ["tx", ["su", "s2", "as"], WORDS],
  ["t2", ["su", "s2"], WORDS],
  ["bo", ["su"], SHAPES],
  ["fo", ["su"], SHAPES],
  ["da", ["su"], WORDS],
  ["ac", ["su"], SHAPES],
  ["oa", ["ac"], WORDS],
];

/** Makes the colours of `host` fit; gives the names of those that had to be moved. `frame` is something in it that can be painted. */
export function fit(host, frame) {
  const style = getComputedStyle(frame);
  if (style.getPropertyValue("--own")) return [];
  const now = {};
  const was = frame.style.color;
  for (const name of ["su", "s2", "as", ...PAIRS.map(([own]) => own)]) {
    frame.style.color = `var(--${name})`;
    now[name] = read(style.color);
  }
  frame.style.color = was;
  const moved = [];
  const set = (name, colour) => {
    if (colour.join() === now[name].join()) return;
    now[name] = colour;
    host.style.setProperty("--" + name, `rgb(${colour})`);
    moved.push(name);
  };
  // What words also stand on must not be a world apart from the surface: no colour could be read on both.
  for (const name of ["s2", "as"]) if (contrast(now[name], now.su) > NEAR) set(name, now.su);
  for (const [name, grounds, least] of PAIRS) {
    set(name, legible(now[name], grounds.map((ground) => now[ground]), least));
  }
  return moved;
}
