// Names that people read, turned into the handles that Slack's own typing knows.

import { state } from "./store.js";

/** "@Dana Cole" becomes "@dana"; everything else stays as typed. */
export function withHandles(text) {
  const people = [...state.workspace.people].filter((item) => item.real_name);
  const longestFirst = people.sort((a, b) => b.real_name.length - a.real_name.length);
  return longestFirst.reduce(
    (done, item) => done.replace(mention(item.real_name), `$1@${item.name}`),
    text,
  );
}

function mention(name) {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|\\s)@${literal}(?![\\w-])`, "giu");
}
