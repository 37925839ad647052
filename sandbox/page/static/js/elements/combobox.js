// A select with type-ahead, worked by keyboard or mouse (ARIA combobox with a listbox).

import { freshId, h } from "../dom.js";
import { iconOnly } from "../controls.js";
import { icon } from "../icons.js";
import { closePopup, hasPopup, openPopup, place } from "../popup.js";

const TYPE_PAUSE_MS = 180;

/**
 * Build a combobox.
 *
 * Options look like {key, label, description?, data}; groups {label, options}.
 *
 * @param spec {id, placeholder, multi, max, selected, load(query), onChange(options),
 *              hint(query), clearable, external, attributes}
 */
export class Combobox {
  constructor(spec) {
    this.spec = spec;
    this.selected = [...spec.selected];
    this.options = [];
    this.active = -1;
    this.listId = freshId("options");
    this.node = this.build();
    this.redraw();
  }

  build() {
    const { id, attributes, multi } = this.spec;
    this.input = h("input", {
      id,
      class: "combo-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "data-focus": id,
      ...attributes,
      on: {
        click: () => this.clicked(),
        input: () => this.typed(),
        keydown: (event) => this.key(event),
        blur: () => this.leave(),
      },
    });
    this.chips = h("span", { class: "chips" });
    this.clear = iconOnly("close", "Clear selection", () => this.choose([]), {
      class: "combo-clear",
    });
    return h(
      "div",
      { class: multi ? "combo multi" : "combo" },
      this.chips,
      this.input,
      this.clear,
      h("span", { class: "combo-arrow" }, icon("down")),
    );
  }

  redraw() {
    const { multi, placeholder, clearable } = this.spec;
    if (multi) this.chips.replaceChildren(...this.selected.map((option) => this.chip(option)));
    else this.input.value = this.selected[0]?.label ?? "";
    this.input.placeholder = multi && this.selected.length ? "" : placeholder;
    this.clear.hidden = multi || !clearable || this.selected.length === 0;
  }

  chip(option) {
    const remove = () => this.choose(this.selected.filter((item) => item.key !== option.key));
    return h(
      "span",
      { class: "chip" },
      option.label,
      h(
        "button",
        { type: "button", "aria-label": `Remove ${option.label}`, on: { click: remove } },
        icon("close"),
      ),
    );
  }

  choose(options) {
    this.selected = options;
    this.redraw();
    this.spec.onChange(options);
  }

  clicked() {
    if (!this.spec.multi) this.input.select(); // typing then replaces what was chosen
    this.open();
  }

  async open(query = "") {
    if (!this.spec.external || query || !hasPopup(this.node)) await this.show(query);
  }

  async show(query) {
    this.ask = (this.ask ?? 0) + 1;
    const turn = this.ask;
    this.popUp();
    const hint = this.spec.hint?.(query);
    if (hint) return this.list([], hint);
    if (this.spec.external) this.list([], "Loading…");
    try {
      const groups = await this.spec.load(query);
      if (turn === this.ask && this.input.isConnected) this.list(groups, "No results");
    } catch (error) {
      if (turn === this.ask) this.list([], error.message);
    }
  }

  popUp() {
    if (hasPopup(this.node)) return;
    const several = this.spec.multi ? "true" : null;
    this.box = h("div", {
      class: "listbox",
      id: this.listId,
      role: "listbox",
      "aria-multiselectable": several,
      "aria-label": "Options",
    });
    this.input.setAttribute("aria-controls", this.listId);
    this.input.setAttribute("aria-expanded", "true");
    openPopup(this.node, this.box, { onClose: () => this.closed(), width: "owner" });
  }

  list(groups, whenEmpty) {
    if (!hasPopup(this.node)) return;
    this.options = groups.flatMap((group) => group.options);
    const nodes = groups.flatMap((group) => this.group(group));
    this.box.replaceChildren(...nodes);
    if (this.options.length === 0)
      this.box.append(h("p", { class: "listbox-note" }, whenEmpty));
    const chosen = this.options.findIndex((option) => this.has(option));
    this.activate(
      this.spec.multi || chosen < 0 ? Math.min(0, this.options.length - 1) : chosen,
    );
    place();
  }

  group({ label, options }) {
    const nodes = options.map((option) => this.option(option));
    if (!label) return nodes;
    return [
      h(
        "div",
        { role: "group", "aria-label": label },
        h("div", { class: "listbox-group" }, label),
        nodes,
      ),
    ];
  }

  option(option) {
    const describe = option.description
      ? h("span", { class: "option-note" }, option.description)
      : null;
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: freshId("option"),
        "aria-selected": String(this.has(option)),
        on: { mousedown: (event) => event.preventDefault(), click: () => this.pick(option) },
      },
      h("span", { class: "option-tick" }, this.has(option) ? icon("check") : null),
      h("span", {}, h("span", {}, option.label), describe),
    );
  }

  has(option) {
    return this.selected.some((item) => item.key === option.key);
  }

  activate(index) {
    const nodes = [...(this.box?.querySelectorAll('[role="option"]') ?? [])];
    nodes[this.active]?.classList.remove("active");
    this.active = index;
    const node = nodes[index];
    if (!node) return this.input.removeAttribute("aria-activedescendant");
    node.classList.add("active");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }

  pick(option) {
    if (!this.spec.multi) {
      closePopup();
      return this.choose([option]);
    }
    const rest = this.selected.filter((item) => item.key !== option.key);
    const full = this.spec.max && rest.length >= this.spec.max;
    // An unfiltered list stays where it was, so that several can be ticked in a row.
    const keep = this.input.value === "" ? this.options.indexOf(option) : 0;
    this.input.value = "";
    this.choose(rest.length < this.selected.length || full ? rest : [...rest, option]);
    this.show("").then(() => this.activate(keep));
  }

  typed() {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    this.timer = setTimeout(() => this.open(query), this.spec.external ? TYPE_PAUSE_MS : 0);
  }

  key(event) {
    const open = hasPopup(this.node);
    const run = open ? this.openKeys()[event.key] : this.closedKeys()[event.key];
    if (!run) return;
    const handled = run();
    if (handled !== false) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  openKeys() {
    const last = this.options.length - 1;
    return {
      ArrowDown: () => this.activate(this.active >= last ? 0 : this.active + 1),
      ArrowUp: () => this.activate(this.active <= 0 ? last : this.active - 1),
      Enter: () =>
        this.options[this.active] ? this.pick(this.options[this.active]) : undefined,
      Escape: () => closePopup(),
      Tab: () => (closePopup(), false),
      Backspace: () => this.eraseLast(),
    };
  }

  closedKeys() {
    const open = () => void this.open();
    return { ArrowDown: open, ArrowUp: open, Enter: open, Backspace: () => this.eraseLast() };
  }

  eraseLast() {
    if (!this.spec.multi || this.input.value || this.selected.length === 0) return false;
    this.choose(this.selected.slice(0, -1));
    return true;
  }

  closed() {
    this.ask = (this.ask ?? 0) + 1;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.removeAttribute("aria-controls");
    this.leave();
  }

  leave() {
    clearTimeout(this.timer);
    const cleared =
      !this.spec.multi &&
      this.spec.clearable &&
      this.input.value === "" &&
      this.selected.length > 0;
    if (cleared && !hasPopup(this.node)) return this.choose([]);
    if (!hasPopup(this.node)) this.spec.multi ? (this.input.value = "") : this.redraw();
    else if (document.activeElement !== this.input) closePopup();
    return undefined;
  }
}
