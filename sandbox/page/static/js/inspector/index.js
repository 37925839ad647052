// The right column: the Entra tenant as it is now, its faults, and what was said to it.

import { h } from "../dom.js";
import { on, state } from "../store.js";
import { AppsTab } from "./apps.js";
import { BotTab } from "./bot.js";
import { FaultsTab, faultsOn } from "./faults.js";
import { GroupsTab } from "./groups.js";
import { LogTab } from "./log.js";
import { UsersTab } from "./users.js";

/** The right column. */
export class Inspector {
  constructor(root) {
    this.title = h("h2", {}, "Tenant");
    this.note = h("p", {});
    this.pages = [
      { name: "bot", label: "Bot app", page: new BotTab() },
      { name: "users", label: "Users", page: new UsersTab() },
      { name: "groups", label: "Groups", page: new GroupsTab() },
      { name: "apps", label: "Apps", page: new AppsTab() },
      { name: "faults", label: "Faults", page: new FaultsTab() },
      { name: "log", label: "Log", page: new LogTab() },
    ];
    const list = h(
      "div",
      {
        class: "tabs",
        role: "tablist",
        "aria-label": "Tenant",
        on: { keydown: (event) => this.key(event) },
      },
      this.pages.map((item) => this.tab(item)),
    );
    root.append(
      h("header", { class: "inspector-head" }, h("div", {}, this.title, this.note), list),
      ...this.pages.map((item) => this.panel(item)),
    );
    this.open("bot");
    on(["tenant"], () => this.head());
    on(["inspect"], () => this.inspect());
    on(["tenant", "faults"], () => this.counts());
  }

  tab(item) {
    item.count = h("span", { class: "tab-count" });
    item.button = h(
      "button",
      {
        role: "tab",
        type: "button",
        id: `tab-${item.name}`,
        "aria-controls": `panel-${item.name}`,
        on: { click: () => this.open(item.name) },
      },
      item.label,
      item.count,
    );
    return item.button;
  }

  panel(item) {
    const node = h(
      "div",
      {
        role: "tabpanel",
        class: "panel",
        id: `panel-${item.name}`,
        "aria-labelledby": `tab-${item.name}`,
        tabindex: 0,
      },
      item.page.node,
    );
    item.panel = node;
    return node;
  }

  open(name) {
    for (const item of this.pages) {
      const here = item.name === name;
      item.button.setAttribute("aria-selected", String(here));
      item.button.tabIndex = here ? 0 : -1;
      item.panel.hidden = !here;
    }
  }

  key(event) {
    const at = this.pages.findIndex((item) => item.button === document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    const next = this.pages[(at + step + this.pages.length) % this.pages.length];
    this.open(next.name);
    next.button.focus();
  }

  inspect() {
    const { tab, search } = state.inspect;
    this.open(tab);
    if (search !== undefined)
      this.pages.find((item) => item.name === tab).page.search?.(search);
  }

  head() {
    const { tenant } = state.tenant;
    const domain = tenant.verifiedDomains?.find((item) => item.isDefault)?.name ?? "";
    this.title.textContent = `${tenant.displayName} tenant`;
    this.note.textContent = ["Microsoft Entra ID", domain].filter(Boolean).join(" · ");
  }

  counts() {
    const active = faultsOn();
    this.pages.find((item) => item.name === "faults").count.textContent = active
      ? ` ${active}`
      : "";
  }
}
