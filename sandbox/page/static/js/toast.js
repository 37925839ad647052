// Short notes at the foot of the page that go away by themselves.

import { iconOnly } from "./controls.js";
import { h } from "./dom.js";

const SHOWN_MS = { info: 2500, error: 8000 };

/** Show a note; `level` is "info" or "error". */
export function toast(text, level = "info") {
  const close = iconOnly("close", "Dismiss note", () => note.remove());
  const note = h(
    "div",
    { class: `toast ${level}`, "data-testid": "toast" },
    h("span", {}, text),
    close,
  );
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_MS[level]);
}
