// Faults that can be switched on, to see how the bot bears them.

import { freshId, h } from "../dom.js";
import { syncList } from "../keyed.js";
import { on, state } from "../store.js";
import { act } from "./act.js";

const PARAM_WORDS = {
  n: "times",
  ms: "milliseconds",
  s: "seconds",
  retry_after: "seconds to wait",
};

// On from the start, since the real service behaves so: a rule rather than a fault.
const RULES = new Set(["forbid_privileged"]);

/** The faults switched on, for the tab's count. */
export function faultsOn() {
  const all = [...state.faults.slack, ...state.faults.entra];
  return all.filter((fault) => fault.on && !RULES.has(fault.name)).length;
}

/** The tab "Faults". */
export class FaultsTab {
  constructor() {
    this.slack = h("div", {});
    this.entra = h("div", {});
    this.node = h(
      "div",
      {},
      h(
        "p",
        { class: "panel-note" },
        "Make the services misbehave, then use the bot as before.",
      ),
      part("Slack", this.slack),
      part("Entra ID and Graph", this.entra),
    );
    on(["faults"], () => this.draw());
  }

  draw() {
    for (const service of ["slack", "entra"]) {
      syncList(this[service], state.faults[service], {
        key: (fault) => fault.name,
        signature: (fault) => JSON.stringify(fault),
        build: (fault) => faultRow(service, fault),
      });
    }
  }
}

function part(name, list) {
  return h("section", { class: "panel-part" }, h("header", {}, h("h3", {}, name)), list);
}

function faultRow(service, fault) {
  const params = { ...fault.params };
  const about = freshId("fault");
  const send = (isOn) =>
    act(`/control/${service}/faults`, { name: fault.name, on: isOn, params });
  const toggle = h(
    "button",
    {
      class: RULES.has(fault.name) ? "switch rule" : "switch",
      type: "button",
      role: "switch",
      "aria-checked": String(fault.on),
      "aria-label": fault.label,
      "aria-describedby": about,
      "data-focus": `fault-${fault.name}`,
      on: { click: () => send(!fault.on) },
    },
    h("span", {}),
  );
  const fields = Object.keys(params).map((name) =>
    paramField(fault, name, params, () => fault.on && send(true)),
  );
  return h(
    "div",
    {
      class: fault.on && !RULES.has(fault.name) ? "fault on" : "fault",
      data: { fault: fault.name },
    },
    h(
      "div",
      { class: "fault-words" },
      h("strong", {}, fault.label),
      h("p", { id: about }, fault.description),
      fields.length ? h("div", { class: "fault-params" }, fields) : null,
    ),
    toggle,
  );
}

function paramField(fault, name, params, changedWhileOn) {
  const id = freshId("param");
  const words = PARAM_WORDS[name] ?? name.replaceAll("_", " ");
  const number = typeof params[name] === "number";
  const change = (event) => {
    params[name] = readParam(event.target.value, fault.params[name]);
    changedWhileOn();
  };
  return h(
    "span",
    { class: "fault-param" },
    h("label", { for: id }, words),
    h("input", {
      id,
      class: "field tiny",
      type: number ? "number" : "text",
      value: params[name] ?? "",
      "aria-label": `${fault.label}: ${words}`,
      on: { change },
    }),
  );
}

// A text stays a text. Where the fault had no value, empty still means none, and a
// number may have been meant.
function readParam(text, was) {
  if (typeof was === "string") return text;
  if (text === "") return typeof was === "number" ? was : null;
  return /^\d+$/.test(text) ? Number(text) : text;
}
