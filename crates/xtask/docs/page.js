// The search, and the list of pages on narrow screens. Without this file everything can still be read.
const input = document.querySelector("#search");
const results = document.querySelector("#results");
const status = document.querySelector("#found");
const pages = document.querySelector("#pages");

const MOST = 12;
const FIELDS = ["title", "heading", "text"];
let index;
let waiting;

// What it looks through is a script, since a page that was opened from a folder may fetch nothing else.
window.polkuSearch = (passages) => {
  index = new MiniSearch({
    fields: FIELDS,
    storeFields: FIELDS,
    searchOptions: { boost: { title: 4, heading: 3 }, prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : 0), combineWith: "AND" },
  });
  index.addAll(passages);
  show();
};

function fetched() {
  if (waiting) return Boolean(index);
  waiting = document.createElement("script");
  waiting.src = input.dataset.index;
  document.head.append(waiting);
  return false;
}

const made = (name, text) => {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
};

// Words around the first that was found.
function excerpt({ text, terms }) {
  const at = Math.max(0, ...terms.map((term) => text.toLowerCase().indexOf(term)));
  const from = Math.max(0, text.lastIndexOf(" ", at - 50));
  return (from ? "… " : "") + text.slice(from, from + 140).trim() + (text.length > from + 140 ? " …" : "");
}

function item(found) {
  const link = made("a", found.heading ? `${found.title}: ${found.heading}` : found.title);
  link.href = input.dataset.up + found.id;
  const entry = document.createElement("li");
  entry.append(link, made("p", excerpt(found)));
  return entry;
}

function show() {
  const words = input.value.trim();
  if (!words) return shut();
  if (!index && !fetched()) return;
  const found = index.search(words);
  results.replaceChildren(...found.slice(0, MOST).map(item));
  results.hidden = !found.length;
  status.textContent = found.length ? input.dataset.some.replace("{n}", found.length) : input.dataset.none;
}

function shut() {
  results.hidden = true;
  status.textContent = "";
}

// The arrows go through what was found; Escape leads back.
function move(event) {
  const links = [input, ...results.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    input.focus();
    shut();
  } else if (step && !results.hidden && links[at + step]) {
    event.preventDefault();
    links[at + step].focus();
  } else if (event.key === "Enter" && document.activeElement === input && !results.hidden) {
    links[1].click();
  }
}

input.addEventListener("input", show);
input.closest("search").addEventListener("keydown", move);
results.addEventListener("click", shut);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
});

// Beside the page where there is room for it, behind its name where there is not.
const wide = matchMedia("(min-width: 60rem)");
const fit = () => (pages.open = wide.matches);
wide.addEventListener("change", fit);
fit();
