// How long a credential still lives, in words and colour.

import { h } from "../dom.js";

/** "in 12 days", "today", "expired 3 days ago". */
function daysText(days) {
  if (days < 0) return `expired ${plural(-days)} ago`;
  return days === 0 ? "today" : `in ${plural(days)}`;
}

function plural(days) {
  if (days > 1000) return `${Math.round(days / 365)} years`;
  return days === 1 ? "1 day" : `${days} days`;
}

/** A pill with the time left; red below 8 days, amber below 31. */
export function daysPill(credential) {
  const days = Math.floor(credential.days);
  const level = days < 8 ? "bad" : days < 31 ? "warn" : "calm";
  return h(
    "span",
    {
      class: `badge ${level}`,
      "data-facet": `days-${credential.keyId}`,
      title: credential.endDateTime,
    },
    daysText(days),
  );
}
