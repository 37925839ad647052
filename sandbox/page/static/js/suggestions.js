// What the composer offers while typing: slash commands, people, channels.

import { freshId, h } from "./dom.js";
import { avatar } from "./avatar.js";
import { closePopup, hasPopup, openPopup } from "./popup.js";
import { state, visibleChannels } from "./store.js";

const SHOWN = 8;

/** The composer's pop-up list and hint line. */
export class Suggestions {
  constructor(field, hint) {
    this.field = field;
    this.hint = hint;
    this.items = [];
    this.listId = freshId("suggestions");
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.update());
    field.addEventListener("blur", () => this.close());
  }

  update() {
    this.hint.textContent = commandHint(this.field.value);
    const before = this.field.value.slice(0, this.field.selectionStart);
    this.items = offers(before).slice(0, SHOWN);
    if (this.items.length === 0) return this.close();
    this.draw();
    return undefined;
  }

  draw() {
    const box = h(
      "div",
      { class: "listbox", role: "listbox", id: this.listId, "aria-label": "Suggestions" },
      this.items.map((item) => this.option(item)),
    );
    openPopup(this.field, box);
    this.field.setAttribute("aria-controls", this.listId);
    this.box = box;
    this.activate(0);
  }

  option(item) {
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: freshId("suggestion"),
        "aria-selected": "false",
        on: { mousedown: (event) => event.preventDefault(), click: () => this.take(item) },
      },
      item.picture ? avatar(item.picture, 20) : null,
      h(
        "span",
        {},
        h("span", {}, item.label),
        item.note ? h("span", { class: "option-note" }, item.note) : null,
      ),
    );
  }

  activate(index) {
    const nodes = [...this.box.children];
    nodes[this.active]?.classList.remove("active");
    nodes[this.active]?.setAttribute("aria-selected", "false");
    this.active = (index + nodes.length) % nodes.length;
    const node = nodes[this.active];
    node.classList.add("active");
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", node.id);
  }

  take(item) {
    const at = this.field.selectionStart;
    const before = this.field.value.slice(0, at).slice(0, -item.typed.length);
    const after = this.field.value.slice(at).replace(/^\s/, "");
    this.field.value = `${before}${item.insert} ${after}`;
    const caret = before.length + item.insert.length + 1;
    this.field.setSelectionRange(caret, caret);
    this.field.focus();
    this.field.dispatchEvent(new Event("input"));
  }

  /** Handle a key of the composer; true when it was for the list. */
  key(event) {
    if (!hasPopup(this.field)) return false;
    const item = this.items[this.active];
    const whole = item.insert === this.field.value.trim();
    const run = {
      ArrowDown: () => this.activate(this.active + 1),
      ArrowUp: () => this.activate(this.active - 1),
      Enter: whole || event.shiftKey ? null : () => this.take(item),
      Tab: () => this.take(item),
      Escape: () => this.close(),
    }[event.key];
    if (!run) return false;
    run();
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  close() {
    if (hasPopup(this.field)) closePopup();
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }
}

function offers(before) {
  const command = /^\/\S*$/.exec(before);
  if (command) return commands(command[0]);
  const sign = /(?:^|\s)([@#][\p{L}\p{N}._-]*)$/u.exec(before);
  if (!sign) return [];
  return sign[1].startsWith("@") ? people(sign[1]) : channels(sign[1]);
}

function commands(typed) {
  const fits = state.workspace.app.commands.filter((item) =>
    item.command.startsWith(typed.toLowerCase()),
  );
  return fits.map((item) => ({
    typed,
    insert: item.command,
    label: `${item.command} ${item.usage_hint ?? ""}`.trim(),
    note: item.description,
  }));
}

function people(typed) {
  const wanted = typed.slice(1).toLowerCase();
  const fits = state.workspace.people.filter(
    (item) =>
      !item.deleted &&
      !item.is_bot &&
      `${item.real_name} ${item.name}`.toLowerCase().includes(wanted),
  );
  return fits.map((item) => ({
    typed,
    insert: `@${item.real_name}`,
    label: item.real_name,
    note: `@${item.name}`,
    picture: item.id,
  }));
}

function channels(typed) {
  const fits = visibleChannels().filter((item) =>
    item.name.startsWith(typed.slice(1).toLowerCase()),
  );
  return fits.map((item) => ({ typed, insert: `#${item.name}`, label: `#${item.name}` }));
}

function commandHint(text) {
  const found = /^(\/\S+)\s/.exec(text);
  const command =
    found && state.workspace.app.commands.find((item) => item.command === found[1]);
  if (!command) return "";
  return command.usage_hint
    ? `${command.command} ${command.usage_hint}`
    : (command.description ?? "");
}
