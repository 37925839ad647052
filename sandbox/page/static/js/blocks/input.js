// The input block: label, element, hint, and what is wrong with it.

import { freshId, h } from "../dom.js";
import { drawElement } from "../elements/index.js";
import { icon } from "../icons.js";
import { textNodes } from "../text.js";

const GROUPS = new Set(["checkboxes", "radio_buttons"]);

/** Draw an input block; the error slot stays in the document so it is announced. */
export function inputBlock(block, surface) {
  const id = `${surface.key}-${block.block_id}-${block.element.action_id}`;
  const names = {
    label: freshId("label"),
    hint: block.hint ? freshId("hint") : null,
    error: freshId("error"),
  };
  const about = [names.hint, names.error].filter(Boolean).join(" ");
  const group = GROUPS.has(block.element.type);
  const optional = block.optional
    ? h("span", { class: "optional", "aria-hidden": "true" }, " (optional)")
    : null;
  const words = [h("span", {}, textNodes(block.label)), optional];
  const label = group
    ? h("div", { class: "label", id: names.label }, words)
    : h("label", { class: "label", id: names.label, for: id }, words);
  const required = block.optional ? null : "true";
  const element = drawElement(block.element, block, surface, {
    id,
    attributes: { "aria-describedby": about, "aria-required": required },
    group: { "aria-labelledby": names.label, "aria-describedby": about },
  });
  return h(
    "div",
    { class: "input-block", data: { blockId: block.block_id } },
    label,
    element,
    counter(block.element),
    h("div", { class: "field-error", id: names.error, role: "alert", hidden: true }),
    block.hint ? h("div", { class: "hint", id: names.hint }, textNodes(block.hint)) : null,
  );
}

function counter(element) {
  if (!element.max_length || element.max_length > 500 || !element.multiline) return null;
  return h(
    "div",
    { class: "counter", "aria-hidden": "true" },
    `Up to ${element.max_length} characters`,
  );
}

/** Show or clear what is wrong with an input block that is already drawn. */
export function showError(node, message) {
  const slot = node.querySelector(".field-error");
  if (!slot) return;
  slot.hidden = !message;
  slot.replaceChildren(...(message ? [icon("warning"), h("span", {}, message)] : []));
  node.classList.toggle("invalid", Boolean(message));
  const field = node.querySelector("input, textarea, select, [role=group], [role=radiogroup]");
  if (message) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
}
