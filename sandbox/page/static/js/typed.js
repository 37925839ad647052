// Turns what people type into what Slack sends: escapes, mentions, channel names.

import { state } from "./store.js";

/** Typed text with Slack's escapes; commands also carry the names (`<@U1|ada>`). */
export function escaped(text, forCommand) {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return linkChannels(linkPeople(safe, forCommand), forCommand);
}

function linkPeople(text, forCommand) {
  const names = state.workspace.people.flatMap((item) => [[item.real_name, item], [item.name, item]]);
  const longestFirst = names.filter(([name]) => name).sort((a, b) => b[0].length - a[0].length);
  return longestFirst.reduce((soFar, [name, item]) => {
    const mention = forCommand ? `<@${item.id}|${item.name}>` : `<@${item.id}>`;
    return soFar.replace(mentionOf("@", name), `$1${mention}`);
  }, text);
}

function linkChannels(text, forCommand) {
  return state.workspace.channels.filter((item) => item.name && !item.is_im).reduce((soFar, item) => {
    const mention = forCommand ? `<#${item.id}|${item.name}>` : `<#${item.id}>`;
    return soFar.replace(mentionOf("#", item.name), `$1${mention}`);
  }, text);
}

function mentionOf(sign, name) {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|\\s)${sign}${literal}(?![\\w-]|\\.\\w)`, "giu");
}
