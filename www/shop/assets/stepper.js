// Less, a number, more.
/** Wires the two buttons of a stepper to its number; `change` gets every new quantity. */
export function stepper(element, change = () => {}) {
  const input = element.querySelector("input");
  const least = Number(input.min);
  const most = Number(input.max);
  const set = (value) => {
    const next = Math.max(least, Math.min(most, Math.floor(value) || least));
    input.value = String(next);
    change(next);
  };
  for (const button of element.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => set(Number(input.value) + Number(button.dataset.step)));
  }
  input.addEventListener("change", () => set(Number(input.value)));
}
