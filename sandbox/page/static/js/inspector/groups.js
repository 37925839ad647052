// The tenant's groups and how many are in them.

import { h } from "../dom.js";
import { SearchList } from "./search_list.js";
import { state } from "../store.js";

/** The tab "Groups". */
export class GroupsTab extends SearchList {
  constructor() {
    super("Search groups", {
      items: () => state.tenant.groups,
      words: (group) => `${group.displayName} ${group.kind}`,
      key: (group) => group.id,
      summary,
      details: (group) => {
        const members = state.tenant.users
          .filter((user) => user.groups.includes(group.displayName))
          .map((user) => user.displayName);
        return h(
          "dl",
          { class: "facts stacked" },
          h("dt", {}, "Members"),
          h(
            "dd",
            { "data-facet": "names" },
            members.length ? members.map((name) => h("span", { class: "tag" }, name)) : "None",
          ),
        );
      },
    });
  }
}

function summary(group) {
  return [
    h(
      "span",
      { class: "row-words" },
      h("strong", {}, group.displayName),
      h("span", { class: "row-note" }, group.kind),
    ),
    h("span", { class: "row-count", "data-facet": "members" }, group.members),
  ];
}
