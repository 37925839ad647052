// Draws any interactive element of a block and ties it to its surface.

import { confirmed } from "../confirm.js";
import { h } from "../dom.js";
import { initialEntry } from "../form.js";
import { plain } from "../text.js";
import { button, feedbackButtons, iconButton, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { datepicker, datetimepicker, textInput, timepicker } from "./fields.js";
import { SELECTS, select } from "./selects.js";
import { imageBox } from "../blocks/image.js";

const DRAW = {
  button,
  overflow,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
  radio_buttons: radioButtons,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  image: imageBox,
  workflow_button: button,
  ...Object.fromEntries(SELECTS.map((type) => [type, select])),
};

/**
 * Draw an element.
 *
 * @param element the element as the app sent it
 * @param block   its block
 * @param surface {form, act(action), suggest(block, element, query), key}
 * @param label   {attributes, group, label, optional} when an input block names it
 */
export function drawElement(element, block, surface, label = null) {
  const draw = DRAW[element.type];
  if (!draw) return unknown("element", element.type);
  return draw(element, fieldOf(element, block, surface, label));
}

/** What this page cannot draw is said, not hidden. */
export function unknown(what, type) {
  return h(
    "p",
    { class: "unknown", role: "note" },
    `This page cannot draw the ${what} "${type}".`,
  );
}

function fieldOf(element, block, surface, label) {
  const id = label?.id ?? `${surface.key}-${block.block_id}-${element.action_id}`;
  const dispatches = block.type !== "input" || block.dispatch_action === true;
  const keep = (entry) => {
    surface.form.set(block, element, entry);
    surface.edited?.(block);
  };
  const act = (action) =>
    surface.act(
      {
        ...initials(element),
        ...action,
        action_id: element.action_id,
        block_id: block.block_id,
      },
      element,
    );
  const dispatch = () => act(surface.form.entry(block, element) ?? { type: element.type });
  return {
    id,
    keep,
    act,
    dispatch,
    dispatches,
    entry: initialEntry(element) && surface.form.entry(block, element),
    optional: block.optional === true || block.type !== "input",
    attributes: label?.attributes ?? { "aria-label": nameOf(element, block) },
    group: label?.group ?? { "aria-label": nameOf(element, block) },
    suggest: (query) => surface.suggest(block, element, query),
    change: (entry) => changeEntry(entry, { element, keep, dispatch, dispatches }),
  };
}

async function changeEntry(entry, { element, keep, dispatch, dispatches }) {
  if (dispatches && !(await confirmed(element.confirm))) return;
  keep(entry);
  if (dispatches) await dispatch();
}

function initials(element) {
  return Object.fromEntries(
    Object.entries(element).filter(([name]) => name.startsWith("initial_")),
  );
}

function nameOf(element, block) {
  const said =
    plain(element.placeholder) || (block.type === "section" ? plain(block.text) : "");
  return said || element.type.replaceAll("_", " ");
}
