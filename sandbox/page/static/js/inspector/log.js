// What the bot asked of Graph and of Slack, newest first.

import { h } from "../dom.js";
import { syncList } from "../keyed.js";
import { on, state } from "../store.js";

const FILTERS = [
  ["all", "All"],
  ["graph", "Graph"],
  ["slack", "Slack calls"],
  ["delivery", "Deliveries"],
];

/** The tab "Log". */
export class LogTab {
  constructor() {
    this.filter = "all";
    this.buttons = FILTERS.map(([name, label]) =>
      h(
        "button",
        {
          class: "filter",
          type: "button",
          "aria-pressed": "false",
          data: { name },
          on: { click: () => this.choose(name) },
        },
        label,
      ),
    );
    this.rows = h("div", { class: "log-rows" });
    this.empty = h("p", { class: "panel-note" }, "Nothing yet.");
    this.node = h(
      "div",
      {},
      h("div", { class: "filters", role: "group", "aria-label": "Show" }, this.buttons),
      this.empty,
      this.rows,
    );
    on(["log"], () => this.draw());
    this.choose("all");
  }

  choose(name) {
    this.filter = name;
    for (const button of this.buttons)
      button.setAttribute("aria-pressed", String(button.dataset.name === name));
    this.draw();
  }

  draw() {
    const shown = state.log.filter(
      (entry) => this.filter === "all" || entry.source === this.filter,
    );
    this.empty.hidden = shown.length > 0;
    syncList(this.rows, shown, {
      key: (entry) => entry.key,
      signature: (entry) => entry.text,
      build: logRow,
    });
  }
}

const LINES = {
  graph: (entry) => [entry.method, path(entry.url), entry.status, entry.status < 400],
  slack: (entry) => [
    "Slack",
    entry.method,
    entry.ok ? "ok" : (entry.error ?? entry.status),
    Boolean(entry.ok),
  ],
  delivery: (entry) => [
    "To bot",
    entry.type,
    entry.acked_ms === null ? "no ack" : `${Math.round(entry.acked_ms)} ms`,
    entry.acked_ms !== null,
  ],
};

function logRow(entry) {
  const [lead, what, outcome, good] = LINES[entry.source](entry);
  return h(
    "details",
    { class: `log-row ${entry.source}` },
    h(
      "summary",
      {},
      h("span", { class: "log-time" }, time(entry.at)),
      h("span", { class: "log-lead" }, lead),
      h("span", { class: "log-what", title: what }, short(what)),
      h("span", { class: good ? "log-status" : "log-status bad" }, outcome),
    ),
    h("pre", { class: "log-body" }, JSON.stringify(shownParts(entry), null, 2)),
  );
}

function path(url) {
  try {
    const { pathname, search } = new URL(url);
    return decodeURIComponent(pathname.replace(/^\/v1\.0/, "") + search);
  } catch {
    return url;
  }
}

// IDs crowd out what a path is about; the whole path is in the tooltip and the details.
function short(text) {
  return text.replace(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "$1…");
}

function shownParts({ key: _key, text: _text, source: _source, ...rest }) {
  return rest;
}

function time(at) {
  const date = typeof at === "number" ? new Date(at * 1000) : new Date(at);
  return Number.isNaN(date.getTime()) ? "" : date.toTimeString().slice(0, 8);
}
