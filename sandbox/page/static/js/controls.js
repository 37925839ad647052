// Buttons of the page itself, as against those that an app draws.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** A small button that shows only an icon; `label` is its name and tooltip. */
export function iconOnly(name, label, press, more = {}) {
  const { class: extra = "", ...attributes } = more;
  return h(
    "button",
    {
      class: `quiet icon ${extra}`.trim(),
      type: "button",
      "aria-label": label,
      title: label,
      ...attributes,
      on: { click: press },
    },
    icon(name),
  );
}

/** A button with words. */
export function worded(words, press, more = {}) {
  const { class: extra = "", ...attributes } = more;
  return h(
    "button",
    { class: `button ${extra}`.trim(), type: "button", ...attributes, on: { click: press } },
    words,
  );
}
