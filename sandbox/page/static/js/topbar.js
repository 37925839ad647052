// The bar on top: what this is, whether the bot is there, and the way back to the start.

import { post } from "./api.js";
import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { mark } from "./icons.js";
import { changed, on, state } from "./store.js";
import { fetchAll } from "./sync.js";
import { toast } from "./toast.js";

const RESET = {
  title: "Reset the tenant?",
  text: "The tenant goes back to how it was at the start. Messages and the bot's own records stay.",
  confirm: "Reset",
  deny: "Keep",
  style: "danger",
};

/** Draw the bar. */
export function drawTopbar(root) {
  const status = h("span", {
    class: "bot-status",
    role: "status",
    "data-testid": "bot-status",
  });
  const guide = h(
    "button",
    { class: "quiet bar-button", type: "button", on: { click: () => changed("guide") } },
    "Guide",
  );
  const reset = h(
    "button",
    { class: "quiet bar-button", type: "button", on: { click: resetTenant } },
    "Reset tenant",
  );
  root.append(
    h(
      "div",
      { class: "brand" },
      mark(22),
      h("strong", {}, "Gatehouse"),
      h("span", {}, "sandbox"),
    ),
    h(
      "p",
      { class: "bar-note" },
      "A rehearsal workspace and directory. Everything runs on this computer.",
    ),
    status,
    guide,
    reset,
  );
  on(["workspace", "live"], () => drawStatus(status));
}

function drawStatus(node) {
  const { app } = state.workspace ?? {};
  const [level, words] = !state.live
    ? ["off", "Page offline, reconnecting"]
    : app?.connected
      ? ["on", "Bot connected"]
      : ["wait", "Waiting for the bot"];
  node.className = `bot-status ${level}`;
  node.replaceChildren(h("span", { class: "dot", "aria-hidden": "true" }), words);
}

async function resetTenant() {
  if (!(await confirmed(RESET))) return;
  try {
    await post("/control/entra/reset");
    toast("The tenant is back at its start.");
  } catch (error) {
    toast(error.message, "error");
  }
  await fetchAll();
}
