// rich_text: text with its styles said apart, so nothing in it is parsed.

import { h } from "../dom.js";
import { slackDate } from "../dates.js";
import { emoji } from "../emoji.js";
import { channelMention, link, userMention } from "../mrkdwn.js";

const PARTS = {
  text: (part) => [part.text],
  link: (part) => [link(part.url, part.text ?? null) ?? part.text ?? part.url],
  user: (part) => [userMention(part.user_id)],
  usergroup: (part) => [h("span", { class: "mention" }, `@${part.usergroup_id}`)],
  channel: (part) => [channelMention(part.channel_id)],
  broadcast: (part) => [h("span", { class: "mention broadcast" }, `@${part.range}`)],
  emoji: (part) => [emoji(part.name) ?? `:${part.name}:`],
  color: (part) => [h("code", {}, part.value)],
  date: (part) => [dated(part)],
};
const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

const GROUPS = {
  rich_text_section: (item) => h("p", {}, inline(item.elements)),
  rich_text_quote: (item) => h("blockquote", {}, inline(item.elements)),
  rich_text_preformatted: (item) => h("pre", {}, inline(item.elements)),
  rich_text_list: list,
};

/** Draw a rich_text block. */
export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map(group));
}

function group(item) {
  const draw = GROUPS[item.type];
  return draw
    ? draw(item)
    : h("p", { class: "unknown" }, `This page cannot draw "${item.type}".`);
}

function list(item) {
  const tag = item.style === "ordered" ? "ol" : "ul";
  const node = h(
    tag,
    { start: item.offset ? item.offset + 1 : null },
    item.elements.map((row) => h("li", {}, inline(row.elements ?? []))),
  );
  node.style.marginInlineStart = `${(item.indent ?? 0) * 22}px`;
  return node;
}

function inline(parts) {
  return parts.map((part) => styled(part, PARTS[part.type]?.(part) ?? [part.text ?? ""]));
}

function styled(part, nodes) {
  return Object.entries(STYLES).reduce(
    (inner, [style, tag]) => (part.style?.[style] ? [h(tag, {}, inner)] : inner),
    nodes,
  );
}

function dated(part) {
  const text =
    slackDate(part.timestamp, part.format ?? "{date_short} {time}") ?? part.fallback ?? "";
  const node = h("time", {}, text);
  return part.url ? (link(part.url, text) ?? node) : node;
}
