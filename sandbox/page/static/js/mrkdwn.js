// Slack's mrkdwn, read into nodes. What Slack does not read stays text.

import { h } from "./dom.js";
import { slackDate } from "./dates.js";
import { withEmoji } from "./emoji.js";
import { channel, personName, state } from "./store.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const STYLES = { "*": "strong", _: "em", "~": "s" };

/** Undo Slack's three escapes, once. */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** Nodes for a mrkdwn text; `verbatim` leaves bare addresses alone. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const parts = text.split(/```([\s\S]+?)```/);
  return parts.flatMap((part, index) =>
    index % 2 ? [preformatted(part)] : quotesAndLines(trimAround(part, index, parts), verbatim),
  );
}

function preformatted(text) {
  return h("pre", {}, plainAngles(text.replace(/^\n|\n$/g, "")));
}

function trimAround(part, index, parts) {
  const start = index > 0 ? part.replace(/^\n/, "") : part;
  return index < parts.length - 1 ? start.replace(/\n$/, "") : start;
}

function quotesAndLines(text, verbatim) {
  if (text === "") return [];
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>)\s?/.exec(line);
    const body = quoted ? line.slice(quoted[0].length) : line;
    const last = groups.at(-1);
    if (last && last.quoted === Boolean(quoted)) last.lines.push(body);
    else groups.push({ quoted: Boolean(quoted), lines: [body] });
  }
  return groups.flatMap((group) => {
    const nodes = lines(group.lines, verbatim);
    return group.quoted ? [h("blockquote", {}, nodes)] : nodes;
  });
}

function lines(list, verbatim) {
  return list.flatMap((line, index) => [
    ...(index ? [h("br")] : []),
    ...inline(line, { verbatim }),
  ]);
}

/** Nodes for one line. */
function inline(text, context) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    nodes.push(...plainText(plain, context));
    plain = "";
  };
  while (at < text.length) {
    const found = construct(text, at, context);
    if (found) {
      flush();
      nodes.push(...found.nodes);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function construct(text, at, context) {
  const character = text[at];
  if (character === "`") return codeAt(text, at);
  if (character === "<") return angleAt(text, at);
  return STYLES[character] ? styledAt(text, at, context) : null;
}

function codeAt(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { nodes: [h("code", {}, plainAngles(text.slice(at + 1, end)))], end: end + 1 };
}

function styledAt(text, at, context) {
  const sign = text[at];
  // Slack knows no doubled signs: "**x**" stays as typed.
  if (text[at - 1] === sign || text[at + 1] === sign) return null;
  if (isWord(text[at - 1]) || text[at + 1] === undefined || /\s/.test(text[at + 1]))
    return null;
  const end = closing(text, at, sign);
  if (end < 0) return null;
  const inner = inline(text.slice(at + 1, end), context);
  return { nodes: [h(STYLES[sign], {}, inner)], end: end + 1 };
}

function closing(text, at, sign) {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === "`") end = Math.max(end, text.indexOf("`", end + 1));
    if (text[end] === "<") end = Math.max(end, text.indexOf(">", end + 1));
    const closes = text[end] === sign && text[end + 1] !== sign && end > at + 1;
    if (closes && !/\s/.test(text[end - 1]) && !isWord(text[end + 1])) return end;
  }
  return -1;
}

function isWord(character) {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function angleAt(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const [target, ...label] = text.slice(at + 1, end).split("|");
  const node = angle(target, label.length ? unescape(label.join("|")) : null);
  return node && { nodes: [node], end: end + 1 };
}

function angle(target, label) {
  if (/^@[UW]/.test(target)) return userMention(target.slice(1), label);
  if (/^#C/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescape(target), label);
}

/** A person's name as Slack marks it; the reader's own stands out. */
export function userMention(id, label = null) {
  const name = personName(id) === id && label ? label : personName(id);
  return h(
    "span",
    { class: id === state.me ? "mention self" : "mention" },
    `@${name.replace(/^@/, "")}`,
  );
}

/** A channel's name as Slack marks it. */
export function channelMention(id, label = null) {
  return h("span", { class: "mention" }, `#${channel(id)?.name ?? label ?? "private channel"}`);
}

function special(what, label) {
  const [kind] = what.split("^");
  const name = ["here", "channel", "everyone"].includes(kind)
    ? `@${kind}`
    : (label ?? `@${kind}`);
  return h("span", { class: "mention broadcast" }, name);
}

function date(target, label) {
  const [, seconds, format, address] = target.split("^");
  const text = slackDate(seconds, format ?? "") ?? label ?? "";
  const node = h("time", { title: label }, text);
  return address ? (link(unescape(address), text) ?? node) : node;
}

/** A link, for the address kinds Slack opens; null for any other. */
export function link(address, label = null) {
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(address)) return null;
  const shown = label ?? address.replace(/^mailto:/i, "");
  return h(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer" },
    withEmoji(shown),
  );
}

const BARE = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]}'"*_~]/g;

function plainText(text, { verbatim }) {
  if (text === "") return [];
  const read = unescape(text);
  return verbatim ? withEmoji(read) : withLinks(read);
}

function withLinks(text) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(BARE)) {
    nodes.push(...withEmoji(text.slice(last, match.index)), link(match[0]));
    last = match.index + match[0].length;
  }
  return [...nodes, ...withEmoji(text.slice(last))];
}

function plainAngles(text) {
  return unescape(
    text.replace(/<([^>|]+)(?:\|([^>]*))?>/g, (_all, target, label) => label ?? target),
  );
}
