// Menus: a button's popup of things to do, walked with the arrow keys.

import { h } from "./dom.js";
import { closePopup, hasPopup, openPopup } from "./popup.js";

/** Open a menu under `owner`. Items are {label, note?, run, disabled?} or {heading}. */
export function openMenu(owner, items, label, width) {
  if (hasPopup(owner)) return closePopup();
  const menu = h("div", {
    class: "menu",
    role: "menu",
    "aria-label": label,
    on: { keydown: walk },
  });
  menu.append(
    ...items.map((item) =>
      item.heading ? h("div", { class: "listbox-group" }, item.heading) : entry(item, owner),
    ),
  );
  owner.setAttribute("aria-expanded", "true");
  openPopup(owner, menu, {
    width,
    onClose: () => owner.setAttribute("aria-expanded", "false"),
  });
  menu.querySelector("button:not([disabled])")?.focus();
}

function entry(item, owner) {
  const run = () => {
    closePopup();
    owner.focus();
    item.run();
  };
  return h(
    "button",
    {
      type: "button",
      class: "menu-item",
      role: item.role ?? "menuitem",
      disabled: item.disabled,
      "aria-checked": item.checked,
      on: { click: run },
    },
    item.lead ?? null,
    h(
      "span",
      { class: "menu-text" },
      h("span", {}, item.label),
      item.note ? h("span", { class: "option-note" }, item.note) : null,
    ),
  );
}

function walk(event) {
  const items = [...event.currentTarget.querySelectorAll("button:not([disabled])")];
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to !== undefined) items[to].focus();
  else if (event.key === "Escape" || event.key === "Tab") leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function leave() {
  const owner = document.querySelector('[aria-haspopup="menu"][aria-expanded="true"]');
  closePopup();
  owner?.focus();
}
