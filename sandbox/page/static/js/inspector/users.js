// The tenant's people: on or off, groups, sign-in methods, sessions.

import { stamp } from "../dates.js";
import { h } from "../dom.js";
import { SearchList } from "./search_list.js";
import { state } from "../store.js";

/** The tab "Users". */
export class UsersTab extends SearchList {
  constructor() {
    super("Search users", {
      items: () => state.tenant.users,
      words: (user) =>
        `${user.displayName} ${user.userPrincipalName} ${user.jobTitle ?? ""} ${user.groups.join(" ")}`,
      key: (user) => user.id,
      summary,
      details,
    });
  }
}

function summary(user) {
  const on = user.accountEnabled;
  return [
    h(
      "span",
      { class: "row-words" },
      h("strong", {}, user.displayName),
      h("span", { class: "row-note" }, user.userPrincipalName),
    ),
    h(
      "span",
      { class: `badge ${on ? "good" : "bad"}`, "data-facet": "enabled" },
      on ? "Enabled" : "Disabled",
    ),
  ];
}

function details(user) {
  return h(
    "dl",
    { class: "facts stacked" },
    user.jobTitle ? part("Job title", "title", [user.jobTitle]) : null,
    part("Sessions valid from", "sessions", [stamp(user.signInSessionsValidFromDateTime)]),
    part(`Groups (${user.groups.length})`, "groups", chips(user.groups)),
    part(`Sign-in methods (${user.methods.length})`, "methods", methods(user.methods)),
    user.roles?.length ? part("Directory roles", "roles", chips(user.roles, "warn")) : null,
    part("Licences", "licences", chips(user.licences ?? [])),
  );
}

function part(name, facet, value) {
  return [h("dt", {}, name), h("dd", { "data-facet": facet }, value)];
}

function chips(names, level = "") {
  if (names.length === 0) return ["None"];
  return names.map((name) => h("span", { class: `tag ${level}` }, name));
}

function methods(list) {
  if (list.length === 0) return ["None"];
  return list.map((item) =>
    h(
      "span",
      { class: "tag" },
      item.label ?? item.type,
      item.default ? h("em", {}, " default") : null,
    ),
  );
}
