// A surface is where blocks are drawn: a message, a modal, the Home tab. It keeps what
// was entered there and carries clicks to the app.

import { post } from "./api.js";
import { Form } from "./form.js";
import { fetchMessages, fetchViews } from "./sync.js";
import { state } from "./store.js";

const SAID = {
  operation_timeout: "Gatehouse did not answer in time.",
  dispatch_failed: "Gatehouse could not handle that.",
  app_not_connected: "Gatehouse is not connected. Start it, then try again.",
  unknown_command: "No app here has that command.",
  element_not_found: "That control is no longer there. What you see has been refreshed.",
};

/** What Slack would tell a person about a failed interaction. */
export function failureText(code) {
  return SAID[code] ?? `Slack answered: ${String(code).replaceAll("_", " ")}.`;
}

const surfaces = new Map();

/**
 * The surface of a message or view, made once for each person and place.
 *
 * @param id        unique text, such as "C1:1700000000.000100" or a view's id
 * @param container {channel, message_ts} or {view_id}, as the control API wants it
 * @param failed    called with the words for a person when an interaction fails
 */
export function surfaceFor(id, container, failed) {
  const key = `${state.me}:${id}`;
  if (!surfaces.has(key)) surfaces.set(key, makeSurface(key, container));
  const surface = surfaces.get(key);
  surface.failed = failed;
  return surface;
}

/** Forget a surface that is gone for good, and what was entered there. */
export function forgetSurface(id) {
  surfaces.delete(`${state.me}:${id}`);
}

function makeSurface(key, container) {
  const user = state.me;
  const surface = {
    key: key.replace(/[^\w-]/g, "_"),
    viewer: user,
    form: new Form(),
    failed: null,
    edited: null,
  };
  surface.act = async (action) => {
    surface.failed?.(null);
    const error = await sendAction({ user, action, state: surface.form.state(), container });
    if (error) surface.failed?.(failureText(error));
    await Promise.all([fetchMessages(), fetchViews()]);
  };
  surface.suggest = (block, element, value) => {
    const asked = {
      user,
      action_id: element.action_id,
      block_id: block.block_id,
      value,
      container,
    };
    return post("/control/slack/options", asked);
  };
  return surface;
}

async function sendAction(body) {
  try {
    return (await post("/control/slack/action", body)).error;
  } catch (error) {
    return error.code;
  }
}
