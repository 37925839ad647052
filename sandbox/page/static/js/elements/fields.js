// Elements typed into: text, e-mail, address, number, date and time.

import { fromLocal, toLocal } from "../dates.js";
import { h } from "../dom.js";
import { plain } from "../text.js";

const HTML_TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text" };

/** Draw a text-like input element. */
export function textInput(element, field) {
  const { type, multiline } = element;
  const props = {
    ...common(element, field),
    value: field.entry?.value ?? "",
    maxlength: element.max_length,
    type: multiline ? null : (HTML_TYPES[type] ?? "text"),
    inputmode:
      type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    rows: multiline ? 4 : null,
    autocomplete: "off",
    spellcheck: multiline ? null : "false",
    on: {
      input: (event) => typed(element, field, event.target.value),
      keydown: (event) => enterDispatches(event, element, field),
    },
  };
  return h(multiline ? "textarea" : "input", props);
}

function common(element, field) {
  return {
    id: field.id,
    class: "field",
    placeholder: plain(element.placeholder) || null,
    "data-focus": field.id,
    ...field.attributes,
  };
}

function typed(element, field, text) {
  field.keep({ type: element.type, value: text === "" ? null : text });
  const when = element.dispatch_action_config?.trigger_actions_on ?? [];
  if (when.includes("on_character_entered")) field.dispatch();
}

function enterDispatches(event, element, field) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (event.key !== "Enter" || element.multiline || !field.dispatches) return;
  if (!when.includes("on_enter_pressed")) return;
  event.preventDefault();
  field.dispatch();
}

/** Draw a datepicker. */
export function datepicker(element, field) {
  return picker(element, field, "date", field.entry?.selected_date, (text) => ({
    selected_date: text || null,
  }));
}

/** Draw a timepicker. */
export function timepicker(element, field) {
  const zone = element.timezone ? { timezone: element.timezone } : {};
  return picker(element, field, "time", field.entry?.selected_time, (text) => ({
    selected_time: text || null,
    ...zone,
  }));
}

/** Draw a datetimepicker; its value is seconds since 1970. */
export function datetimepicker(element, field) {
  const seconds = field.entry?.selected_date_time;
  const shown = seconds ? toLocal(seconds) : "";
  return picker(element, field, "datetime-local", shown, (text) => ({
    selected_date_time: fromLocal(text),
  }));
}

function picker(element, field, type, value, read) {
  const change = (event) => field.change({ type: element.type, ...read(event.target.value) });
  return h("input", {
    ...common(element, field),
    class: "field picker",
    type,
    value: value ?? "",
    on: { change },
  });
}
