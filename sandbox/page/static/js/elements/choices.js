// Checkboxes and radio buttons.

import { freshId, h } from "../dom.js";
import { textNodes } from "../text.js";

/** Draw a checkboxes element as a group of ticks. */
export function checkboxes(element, field) {
  const chosen = new Set((field.entry?.selected_options ?? []).map((option) => option.value));
  const read = () => {
    const selected_options = element.options.filter((option) => chosen.has(option.value));
    field.change({ type: element.type, selected_options });
  };
  const choice = (option) =>
    row(option, field, { type: "checkbox", checked: chosen.has(option.value) }, (on) => {
      if (on) chosen.add(option.value);
      else chosen.delete(option.value);
      read();
    });
  return h(
    "div",
    { class: "choices", role: "group", ...field.group },
    element.options.map(choice),
  );
}

/** Draw a radio_buttons element. */
export function radioButtons(element, field) {
  const chosen = field.entry?.selected_option?.value;
  const name = freshId("radio");
  const choice = (option) =>
    row(option, field, { type: "radio", name, checked: option.value === chosen }, () =>
      field.change({ type: element.type, selected_option: option }),
    );
  return h(
    "div",
    { class: "choices", role: "radiogroup", ...field.group },
    element.options.map(choice),
  );
}

function row(option, field, attributes, onChange) {
  const id = freshId("choice");
  const note = option.description ? freshId("note") : null;
  const input = h("input", {
    id,
    "aria-describedby": note,
    "data-focus": `${field.id}-${option.value}`,
    ...attributes,
    on: { change: (event) => onChange(event.target.checked) },
  });
  return h(
    "div",
    { class: "choice" },
    input,
    h(
      "span",
      { class: "choice-text" },
      h("label", { for: id }, textNodes(option.text)),
      note
        ? h("span", { class: "choice-note", id: note }, textNodes(option.description))
        : null,
    ),
  );
}
