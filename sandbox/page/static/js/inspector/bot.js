// Gatehouse's own app registration: what to paste, and what has been consented.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { flashChanges, syncList } from "../keyed.js";
import { openMenu } from "../menu.js";
import { on, state } from "../store.js";
import { act } from "./act.js";
import { copyable } from "./copy.js";
import { daysPill } from "./credentials.js";

const CONSENT = "/control/entra/consent";

/** The tab "Bot app". */
export class BotTab {
  constructor() {
    this.facts = h("div", {});
    this.permissions = h("div", { class: "consent-list" });
    this.count = h("span", { class: "panel-note" });
    const grant = h(
      "button",
      {
        class: "button small primary",
        type: "button",
        on: { click: () => act(CONSENT, { all: true }) },
      },
      "Grant admin consent",
    );
    const revoke = h(
      "button",
      {
        class: "button small",
        type: "button",
        on: { click: () => act(CONSENT, { revoke: state.tenant.bot_app.granted }) },
      },
      "Revoke all",
    );
    const add = h(
      "button",
      {
        class: "button small",
        type: "button",
        "aria-haspopup": "menu",
        on: { click: (event) => openAddable(event.currentTarget) },
      },
      "Add a permission",
    );
    this.node = h(
      "div",
      {},
      this.facts,
      h(
        "section",
        { class: "panel-part" },
        h("header", {}, h("h3", {}, "API permissions"), this.count),
        h("div", { class: "button-row" }, grant, add, revoke),
        this.permissions,
      ),
    );
    on(["tenant"], () => this.draw());
  }

  draw() {
    const { bot_app: bot } = state.tenant;
    syncList(this.facts, [bot], {
      key: () => "facts",
      signature: () => JSON.stringify([bot, state.tenant.tenant.id, botCredentials()]),
      build: factsPart,
      replaced: flashChanges,
    });
    const names = [...new Set([...bot.requested, ...bot.granted, ...bot.delegated])].sort();
    this.count.textContent = `${bot.granted.length} of ${names.length} granted`;
    const rows = names.map((name) => ({ name, consent: consentOf(bot, name) }));
    syncList(this.permissions, rows, {
      key: (row) => row.name,
      signature: (row) => row.consent,
      build: permissionRow,
      replaced: flashChanges,
    });
  }
}

function botCredentials() {
  const { apps, bot_app: bot } = state.tenant;
  return apps.find((item) => item.appId === bot.clientId)?.credentials ?? [];
}

function factsPart(bot) {
  const { tenant } = state.tenant;
  return h(
    "section",
    { class: "panel-part" },
    h(
      "header",
      {},
      h("h3", {}, "Gatehouse app"),
      h(
        "span",
        { class: `badge ${bot.enabled === false ? "bad" : "good"}`, "data-facet": "enabled" },
        bot.enabled === false ? "Disabled" : "Enabled",
      ),
    ),
    h(
      "p",
      { class: "panel-note" },
      "The app registration that the bot signs in with. Copy from here when it asks.",
    ),
    h(
      "dl",
      { class: "facts" },
      fact("Directory (tenant) ID", copyable(tenant.id, "tenant ID")),
      fact("Application (client) ID", copyable(bot.clientId, "client ID")),
    ),
    secretTable(bot),
    bot.certificate_pem ? certificatePart(bot) : null,
  );
}

function fact(name, value) {
  return [h("dt", {}, name), h("dd", {}, value)];
}

function secretTable(bot) {
  const kept = botCredentials().find((item) => item.keyId === bot.secret_id);
  return h(
    "div",
    { class: "secret" },
    h(
      "div",
      { class: "secret-head" },
      h("span", {}, "Client secret"),
      kept ? daysPill(kept) : null,
    ),
    h(
      "div",
      { class: "secret-pair" },
      h(
        "div",
        {},
        h("span", { class: "secret-name" }, "Value"),
        bot.secret_value ? copyable(bot.secret_value, "secret value") : "–",
      ),
      h(
        "div",
        {},
        h("span", { class: "secret-name" }, "Secret ID"),
        bot.secret_id ? copyable(bot.secret_id, "secret ID") : "–",
      ),
    ),
  );
}

function certificatePart(bot) {
  const lines = bot.certificate_pem.trim().split("\n").length;
  return h(
    "div",
    { class: "secret" },
    h("div", { class: "secret-head" }, h("span", {}, "Certificate and private key")),
    copyable(bot.certificate_pem, "certificate", { shown: `PEM, ${lines} lines` }),
  );
}

const STATES = [
  ["granted", "Granted"],
  ["missing", "Not granted"],
  ["delegated", "Delegated only"],
];

function consentOf(bot, name) {
  if (bot.granted.includes(name)) return "granted";
  return bot.delegated.includes(name) ? "delegated" : "missing";
}

function permissionRow({ name, consent }) {
  const label = STATES.find(([value]) => value === consent)[1];
  const choices = STATES.map(([value, words]) => ({
    label: words,
    role: "menuitemradio",
    checked: String(value === consent),
    run: () => setConsent(name, value),
  }));
  const button = h(
    "button",
    {
      class: "consent-button",
      type: "button",
      "aria-haspopup": "menu",
      "aria-label": `Consent for ${name}: ${label}`,
      "data-focus": `consent-${name}`,
      on: { click: (event) => openMenu(event.currentTarget, choices, `Consent for ${name}`) },
    },
    h("span", { "data-facet": "consent" }, label),
    icon("down"),
  );
  return h(
    "div",
    { class: `consent ${consent}`, data: { permission: name } },
    h("span", { class: "dot", "aria-hidden": "true" }),
    h("span", { class: "consent-name" }, name),
    button,
  );
}

// As in the portal: what is added is asked for, and granted by consent only.
function openAddable(owner) {
  const choices = state.tenant.bot_app.addable.map((name) => ({
    label: name,
    run: () => act(CONSENT, { add: [name] }),
  }));
  openMenu(owner, choices, "Application permissions of Microsoft Graph");
}

function setConsent(name, value) {
  const bodies = {
    granted: { grant: [name] },
    missing: { revoke: [name] },
    delegated: { delegated: [name] },
  };
  return act(CONSENT, bodies[value]);
}
