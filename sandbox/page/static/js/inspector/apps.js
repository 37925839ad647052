// App registrations and the credentials that they live by.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { state } from "../store.js";
import { toast } from "../toast.js";
import { act } from "./act.js";
import { daysPill } from "./credentials.js";
import { SearchList } from "./search_list.js";

const APP = "/control/entra/app";

/** The tab "Apps", soonest to expire first. */
export class AppsTab extends SearchList {
  constructor() {
    super("Search apps", {
      items: () => [...state.tenant.apps].sort((a, b) => soonest(a) - soonest(b)),
      words: (app) => `${app.displayName} ${app.appId} ${(app.owners ?? []).join(" ")}`,
      key: (app) => app.id,
      summary,
      details,
    });
  }
}

function soonest(app) {
  return Math.min(...app.credentials.map((item) => item.days), 1e6);
}

function summary(app) {
  const next = [...app.credentials].sort((a, b) => a.days - b.days)[0];
  return [
    h(
      "span",
      { class: "row-words" },
      h("strong", {}, app.displayName),
      h("span", { class: "row-note" }, owners(app)),
    ),
    next ? daysPill(next) : h("span", { class: "row-count" }, "no credential"),
  ];
}

function owners(app) {
  return app.owners?.length ? `Owned by ${app.owners.join(", ")}` : "No owner";
}

function details(app) {
  const add = () => addSecret(app);
  return h(
    "div",
    { class: "credentials" },
    h("p", { class: "row-note mono" }, app.appId),
    app.credentials.map((item) => credential(app, item)),
    h(
      "button",
      {
        class: "button small",
        type: "button",
        "data-focus": `add-${app.id}`,
        "aria-label": `Add secret to ${app.displayName}`,
        on: { click: add },
      },
      "Add secret, 180 days",
    ),
  );
}

function credential(app, item) {
  const name = item.displayName || item.hint || item.keyId.slice(0, 8);
  const press = (label, body) =>
    h(
      "button",
      {
        class: "quiet link",
        type: "button",
        "aria-label": `${label} ${name} of ${app.displayName}`,
        "data-focus": `${label}-${item.keyId}`,
        on: { click: () => act(APP, { app: app.id, ...body }) },
      },
      label,
    );
  const kind = item.kind === "certificate" || item.kind === "key" ? "certificate" : "key";
  return h(
    "div",
    { class: "credential", "data-facet": `credential-${item.keyId}` },
    icon(kind),
    h(
      "span",
      { class: "row-words" },
      h("span", {}, name),
      h(
        "span",
        { class: "row-note" },
        [item.kind, item.hint ? `${item.hint}…` : null].filter(Boolean).join(" · "),
      ),
    ),
    daysPill(item),
    h(
      "span",
      { class: "credential-acts" },
      press("Expire", { expire: item.keyId }),
      press("Remove", { remove: item.keyId }),
    ),
  );
}

async function addSecret(app) {
  const answer = await act(APP, {
    app: app.id,
    add_secret: { displayName: "Added on the page", days: 180 },
  });
  if (answer) toast(`${app.displayName} has a new secret for 180 days.`);
}
