// A searchable list whose rows open, used for users, groups and apps.

import { freshId, h } from "../dom.js";
import { icon } from "../icons.js";
import { flashChanges, syncList } from "../keyed.js";
import { on, state } from "../store.js";

/** A list of the tenant. `spec`: items(), words(item), key(item), summary(item), details(item). */
export class SearchList {
  constructor(label, spec) {
    this.spec = spec;
    this.opened = new Set();
    this.wanted = "";
    const id = freshId("search");
    this.field = h("input", {
      id,
      type: "search",
      class: "field",
      placeholder: label,
      "aria-label": label,
      autocomplete: "off",
      on: { input: () => this.search(this.field.value) },
    });
    this.count = h("p", { class: "panel-note", role: "status" });
    this.rows = h("div", { class: "rows" });
    this.node = h(
      "div",
      {},
      h("div", { class: "search" }, icon("search"), this.field),
      this.count,
      this.rows,
    );
    on(["tenant"], () => this.draw());
  }

  /** Show what fits the text; a single hit is opened. */
  search(text) {
    if (this.field.value !== text) this.field.value = text;
    this.wanted = text.trim().toLowerCase();
    const hits = state.tenant ? this.hits() : [];
    if (hits.length === 1) this.opened.add(this.spec.key(hits[0]));
    this.draw();
  }

  hits() {
    const parts = this.wanted.split(/\s+/);
    return this.spec.items().filter((item) => {
      const words = this.spec.words(item).toLowerCase();
      return parts.every((part) => words.includes(part));
    });
  }

  draw() {
    if (!state.tenant) return;
    const hits = this.hits();
    this.count.textContent = `${hits.length} of ${this.spec.items().length}`;
    syncList(this.rows, hits, {
      key: this.spec.key,
      signature: (item) => JSON.stringify([item, this.opened.has(this.spec.key(item))]),
      build: (item) => this.row(item),
      replaced: flashChanges,
    });
  }

  row(item) {
    const key = this.spec.key(item);
    const node = h(
      "details",
      { class: "row", open: this.opened.has(key), data: { key } },
      h("summary", { "data-focus": key }, this.spec.summary(item)),
      this.spec.details(item),
    );
    node.addEventListener("toggle", () =>
      node.open ? this.opened.add(key) : this.opened.delete(key),
    );
    return node;
  }
}
