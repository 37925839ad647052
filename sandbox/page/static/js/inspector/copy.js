// Values that people carry from the portal to the bot.

import { iconOnly } from "../controls.js";
import { h } from "../dom.js";
import { toast } from "../toast.js";

/** A value with its copy button; `what` names it, as in "Copy client ID". */
export function copyable(value, what, { shown = value, lines = 1 } = {}) {
  const text = h(
    "code",
    { class: lines > 1 ? "copy-value tall" : "copy-value", title: lines > 1 ? null : value },
    shown,
  );
  const button = iconOnly("copy", `Copy ${what}`, () => copy(value, what), { class: "copy" });
  return h("span", { class: "copyable", "data-facet": what }, text, button);
}

async function copy(value, what) {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    copyBySelection(value);
  }
  toast(`Copied ${what}.`);
}

// Where the clipboard API is not allowed: select the text in a field and copy that.
function copyBySelection(value) {
  const field = h("textarea", { class: "off-screen", "aria-hidden": "true", value });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
