// Short notes at the foot of the page that go away by themselves.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = { info: 2500, error: 8000 };

/** Show a note; `level` is "info" or "error". */
export function toast(text, level = "info") {
  const close = h("button", { class: "quiet icon", type: "button", "aria-label": "Dismiss note" }, icon("close"));
  const note = h("div", { class: `toast ${level}`, "data-testid": "toast" }, h("span", {}, text), close);
  close.addEventListener("click", () => note.remove());
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_MS[level]);
}
