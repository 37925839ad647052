// Three things to try, for whoever opens the page the first time.

import { iconOnly } from "./controls.js";
import { h } from "./dom.js";
import { changed, on, state } from "./store.js";
import { become, go } from "./sync.js";

const KEY = "gatehouse.guide";

const STEPS = [
  {
    title: "Connect the tenant",
    text: "As Ada, run /entra connect. Copy the IDs from the panel on the right. Paste the Secret ID first, as everybody does once, and see what it says.",
    start: { person: "ada", channel: "entra-alerts", type: "/entra connect", tab: "bot" },
  },
  {
    title: "Answer an alert",
    text: "Once connected, #entra-alerts lists what expires. Press Acknowledge, or add a secret on the right and press Check again.",
    start: { person: "omar", channel: "entra-alerts", tab: "apps" },
  },
  {
    title: "Offboard Dana",
    text: "As Ruth, run /offboard @Dana Cole and request approval. Become Amir, read the plan, approve it, and watch Dana on the right.",
    start: {
      person: "ruth",
      channel: "offboarding-approvals",
      type: "/offboard @Dana Cole",
      tab: "users",
      search: "dana@",
    },
  },
];

/** Draws the card; it stays away once dismissed, until asked for. */
export class Guide {
  constructor(slot) {
    this.slot = slot;
    on(["guide"], () => this.show(!this.slot.hasChildNodes()));
    this.show(localStorage.getItem(KEY) !== "done");
  }

  show(open) {
    localStorage.setItem(KEY, open ? "open" : "done");
    this.slot.replaceChildren(...(open ? [this.card()] : []));
  }

  card() {
    const close = iconOnly("close", "Dismiss guide", () => this.show(false));
    return h(
      "section",
      { class: "guide", "aria-label": "Try this", "data-testid": "guide" },
      h("header", {}, h("h2", {}, "Try this"), close),
      h(
        "ol",
        {},
        STEPS.map((step) =>
          h(
            "li",
            {},
            h("div", { class: "guide-step" }, h("h3", {}, step.title), start(step)),
            h("p", {}, step.text),
          ),
        ),
      ),
    );
  }
}

function start(step) {
  const attributes = {
    class: "button small",
    type: "button",
    "aria-label": `Start: ${step.title}`,
  };
  return h("button", { ...attributes, on: { click: () => begin(step.start) } }, "Start");
}

async function begin({ person, channel, type, tab, search }) {
  const who = state.workspace.people.find((item) => item.name === person);
  const where = state.workspace.channels.find((item) => item.name === channel);
  if (who) await become(who.id);
  if (where) go({ kind: "channel", id: where.id });
  state.inspect = { tab, search };
  state.prefill = type ?? "";
  changed("inspect", "prefill");
}
