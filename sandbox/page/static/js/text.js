// Text objects: plain_text is never parsed, mrkdwn always.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** Nodes of a text object or a plain string. */
export function textNodes(text) {
  if (!text) return [];
  if (typeof text === "string") return [text];
  if (text.type === "mrkdwn") return mrkdwn(text.text, { verbatim: text.verbatim === true });
  return text.emoji === false ? [text.text] : withEmoji(text.text);
}

/** The words of a text object, for names and labels. */
export function plain(text) {
  return typeof text === "string" ? text : (text?.text ?? "");
}

/** A text object in its own element, with line breaks kept. */
export function textBox(text, name) {
  const kind = text?.type === "mrkdwn" ? "mrkdwn" : "plain-text";
  return h("div", { class: `${name} ${kind}` }, textNodes(text));
}
