// What is wrong with a field: the browser's own constraints first, then what they cannot express.
import { text } from "./data.js";

const digits = (value) => value.replace(/\D/g, "");

function cardFault(value) {
  const number = digits(value);
  if (number.length !== 16) return "e_card";
  // The check digit catches most slips of the finger.
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 ? "e_card" : "";
}

function expiryFault(value) {
  const found = value.match(/^(0[1-9]|1[0-2])\/(\d\d)$/);
  if (!found) return "e_expiry";
  const end = new Date(2000 + Number(found[2]), Number(found[1]), 1);
  return end <= new Date() ? "e_expiry_past" : "";
}

const further = { card: cardFault, expiry: expiryFault };
const missing = { email: "e_email_missing", postcode: "e_postcode_missing", card: "e_card_missing", expiry: "e_expiry_missing" };

/** The message for a field in the page's language, or "" where all is well. */
export function fault(input) {
  input.setCustomValidity("");
  const { name, validity } = input;
  let key = "";
  if (validity.valueMissing || input.value.trim() === "") key = missing[name] ?? `e_${name}`;
  else if (!validity.valid) key = `e_${name}`;
  else key = further[name]?.(input.value) ?? "";
  const message = key ? text(key) : "";
  input.setCustomValidity(message);
  return message;
}

/** Shows or clears the message beside its field. */
export function show(input, message) {
  const place = document.getElementById(`e-${input.name}`);
  const hint = document.getElementById(`h-${input.name}`) ? `h-${input.name} ` : "";
  if (place.textContent !== message) place.textContent = message;
  if (message) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${hint}${place.id}`);
  } else {
    input.removeAttribute("aria-invalid");
    if (hint) input.setAttribute("aria-describedby", hint.trim());
    else input.removeAttribute("aria-describedby");
  }
}

/** Groups the digits of a card in fours and puts the slash into a date while they are typed. */
export function format(input) {
  const raw = input.value;
  if (input.selectionStart !== raw.length) return; // Somebody is mending the middle: leave the caret alone.
  if (input.name === "card") input.value = digits(raw).slice(0, 16).replace(/(\d{4})(?=\d)/g, "$1 ");
  if (input.name === "expiry") {
    const all = digits(raw).slice(0, 4);
    input.value = all.length > 2 ? `${all.slice(0, 2)}/${all.slice(2)}` : raw.replace(/[^\d/]/g, "");
  }
}
