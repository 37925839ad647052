// Whom one acts as. Everything else on the page follows this choice.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { rankOf, roleOf } from "./roles.js";
import { me, on, state } from "./store.js";
import { become } from "./sync.js";

/** The button and its list of people. */
export class PersonPicker {
  constructor() {
    this.node = h("button", {
      type: "button",
      class: "person-picker",
      "data-testid": "person-picker",
      "aria-haspopup": "menu",
      on: { click: () => this.open() },
    });
    on(["me", "workspace"], () => this.draw());
  }

  draw() {
    const who = me();
    if (!who) return;
    this.node.setAttribute(
      "aria-label",
      `You are ${who.real_name}, ${roleOf(who)}. Act as somebody else`,
    );
    this.node.dataset.person = who.id;
    this.node.replaceChildren(
      avatar(who.id, 34),
      h(
        "span",
        { class: "person-words" },
        h("span", { class: "person-you" }, "You are"),
        h("strong", {}, who.real_name),
        h("span", { class: "person-role" }, rankOf(who) ?? roleOf(who)),
      ),
      icon("down"),
    );
  }

  open() {
    const people = state.workspace.people.filter((item) => !item.is_bot);
    const items = people.map((item) => ({
      label: item.real_name,
      note: roleOf(item),
      role: "menuitemradio",
      checked: String(item.id === state.me),
      disabled: item.deleted,
      lead: avatar(item.id, 28),
      run: () => become(item.id),
    }));
    openMenu(this.node, [{ heading: "Act as" }, ...items], "People", "owner");
  }
}
