// One message: who, when, what, and what can be done with it.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { drawBlock, syncBlocks } from "./blocks/index.js";
import { iconOnly } from "./controls.js";
import { clock } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { personName, state } from "./store.js";
import { failureText, surfaceFor } from "./surface.js";
import { fetchViews } from "./sync.js";
import { toast } from "./toast.js";

/** What is drawn of a message; it is drawn again when this changes. */
export function messageSignature(message) {
  return JSON.stringify([state.me, message, personName(message.user)]);
}

/** Draw a message. `channelId` is where; `reply(ts)` opens its thread. */
export function drawMessage(message, channelId, reply) {
  const failure = h("p", { class: "message-failure", role: "alert", hidden: true });
  const surface = surfaceFor(
    `${channelId}:${message.ts}`,
    { channel: channelId, message_ts: message.ts },
    (text) => {
      failure.textContent = text ?? "";
      failure.hidden = !text;
    },
  );
  const body = h(
    "div",
    { class: "message-body" },
    content(message, surface),
    attachments(message, surface),
    failure,
  );
  return h(
    "article",
    {
      class: message.is_ephemeral ? "message ephemeral" : "message",
      "aria-label": `Message from ${author(message)}`,
      "data-testid": "message",
      data: { ts: message.ts },
    },
    avatar(message.user ?? message.bot_id, 36),
    h(
      "div",
      { class: "message-main" },
      message.is_ephemeral ? onlyYou() : null,
      byline(message),
      body,
    ),
    tools(message, channelId, reply),
  );
}

function author(message) {
  if (message.user) return personName(message.user);
  return message.username ?? message.bot_profile?.name ?? state.workspace.app.name;
}

function byline(message) {
  const app = message.bot_id ? h("span", { class: "app-badge" }, "APP") : null;
  return h(
    "header",
    { class: "byline" },
    h("strong", {}, author(message)),
    app,
    h("time", { title: message.ts }, clock(message.ts)),
  );
}

function onlyYou() {
  return h("div", { class: "only-you" }, icon("eye"), "Only visible to you");
}

function content(message, surface) {
  const edited = message.edited ? h("span", { class: "edited" }, "(edited)") : null;
  if (!message.blocks?.length) {
    const nodes =
      message.mrkdwn === false ? [unescape(message.text ?? "")] : mrkdwn(message.text ?? "");
    return h("div", { class: "text mrkdwn" }, nodes, edited ? [" ", edited] : null);
  }
  const blocks = h("div", { class: "blocks" });
  syncBlocks(blocks, message.blocks, surface);
  return h("div", {}, blocks, edited);
}

function attachments(message, surface) {
  return (message.attachments ?? []).map((item) => {
    const node = h(
      "div",
      { class: "attachment" },
      item.blocks?.length
        ? item.blocks.map((block) => drawBlock(block, surface))
        : mrkdwn(item.text ?? item.fallback ?? ""),
    );
    if (/^#?[0-9a-f]{6}$/i.test(item.color ?? ""))
      node.style.borderColor = `#${item.color.replace("#", "")}`;
    return node;
  });
}

function tools(message, channelId, reply) {
  if (message.is_ephemeral) return null;
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  const answer = iconOnly("reply", "Reply in thread", () => reply(message.ts));
  const open = (event) =>
    openMenu(event.currentTarget, shortcuts(message, channelId), "Message actions");
  const more = iconOnly("more", "More message actions", open, { "aria-haspopup": "menu" });
  return h("div", { class: "message-tools" }, isReply ? null : answer, more);
}

function shortcuts(message, channelId) {
  const offered = state.workspace.app.shortcuts.filter((item) => item.type === "message");
  if (offered.length === 0) return [{ label: "No message shortcuts", disabled: true }];
  return offered.map((item) => ({
    label: item.name,
    note: item.description,
    run: () =>
      runShortcut({
        callback_id: item.callback_id,
        channel: channelId,
        message_ts: message.ts,
      }),
  }));
}

/** Run a shortcut of the app for the person acted as. */
export async function runShortcut(what) {
  try {
    const answer = await post("/control/slack/shortcut", { user: state.me, ...what });
    if (answer.error) toast(failureText(answer.error), "error");
  } catch (error) {
    toast(error.message, "error");
  }
  await fetchViews();
}
