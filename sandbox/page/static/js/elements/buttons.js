// Buttons, overflow menus, and the small ones beneath an answer.

import { confirmed } from "../confirm.js";
import { iconOnly } from "../controls.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { openMenu } from "../menu.js";
import { plain, textNodes } from "../text.js";
import { state } from "../store.js";

/** Draw a button; null when it is hidden from this person. */
export function button(element, field) {
  if (hidden(element)) return null;
  const press = async (event) => {
    if (!(await confirmed(element.confirm))) return;
    if (element.url) window.open(element.url, "_blank", "noopener");
    const { text, value, style } = element;
    await busyWhile(event.target.closest("button"), () =>
      field.act({ type: "button", text, value, style }),
    );
  };
  return h(
    "button",
    {
      class: `button ${element.style ?? ""}`,
      type: "button",
      "aria-label": element.accessibility_label,
      "data-focus": field.id,
      on: { click: press },
    },
    h("span", { class: "button-text" }, textNodes(element.text)),
    element.url ? icon("external") : null,
  );
}

function hidden(element) {
  const only = element.visible_to_user_ids;
  return Array.isArray(only) && !only.includes(state.me);
}

async function busyWhile(node, work) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** Draw an overflow menu. */
export function overflow(element, field) {
  const choose = async (option) => {
    if (!(await confirmed(element.confirm))) return;
    if (option.url) window.open(option.url, "_blank", "noopener");
    await field.act({ type: "overflow", selected_option: option });
  };
  const items = element.options.map((option) => ({
    label: plain(option.text),
    note: option.description ? plain(option.description) : null,
    run: () => choose(option),
  }));
  const open = (event) => openMenu(event.currentTarget, items, field.label ?? "More actions");
  return h(
    "button",
    {
      class: "button icon",
      type: "button",
      "aria-haspopup": "menu",
      "aria-label": field.label ?? "More actions",
      "data-focus": field.id,
      on: { click: open },
    },
    icon("more"),
  );
}

/** Draw an icon_button (Slack knows one icon: trash). */
export function iconButton(element, field) {
  if (hidden(element)) return null;
  const { text, value } = element;
  const press = async () => {
    if (await confirmed(element.confirm))
      await field.act({ type: "icon_button", icon: element.icon, text, value });
  };
  const name = element.accessibility_label ?? plain(text);
  return iconOnly("trash", name, press, { "data-focus": field.id });
}

/** Draw feedback_buttons. */
export function feedbackButtons(element, field) {
  const one = (choice) =>
    h(
      "button",
      {
        class: "button small",
        type: "button",
        "aria-label": choice.accessibility_label,
        on: {
          click: () =>
            field.act({ type: "feedback_buttons", text: choice.text, value: choice.value }),
        },
      },
      textNodes(choice.text),
    );
  return h(
    "span",
    { class: "feedback" },
    one(element.positive_button),
    one(element.negative_button),
  );
}
