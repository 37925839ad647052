// Pictures of people made of their initials.

import { h } from "./dom.js";
import { mark } from "./icons.js";
import { personName, state } from "./store.js";

const HUES = [172, 205, 262, 318, 12, 34, 92, 140, 232, 288];

/** A person's picture; the app's is its mark. */
export function avatar(id, size = 36) {
  const app = state.workspace?.app;
  if (app && (id === app.bot_user_id || id === app.id))
    return framed("avatar app", size, mark(size));
  const node = framed("avatar", size, initials(personName(id)));
  node.style.setProperty("--hue", HUES[hash(id) % HUES.length]);
  return node;
}

function framed(name, size, content) {
  const node = h("span", { class: name, "aria-hidden": "true" }, content);
  node.style.setProperty("--size", `${size}px`);
  return node;
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2)).toUpperCase();
}

function hash(text) {
  return [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 9973, 7);
}
