// The left column: who one acts as, and where one can go.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { syncList } from "./keyed.js";
import { PersonPicker } from "./person_picker.js";
import { channel, me, on, state, visibleChannels } from "./store.js";
import { go, unread } from "./sync.js";

/** Draws the left column. */
export class Sidebar {
  constructor(root) {
    this.team = h("div", { class: "team" });
    this.channels = h("div", { class: "places" });
    this.archived = h("div", { class: "places" });
    this.apps = h("div", { class: "places" });
    this.archivedHead = h("h2", {}, "Archived");
    const list = h(
      "div",
      { class: "place-list", "data-testid": "channel-list" },
      h("h2", {}, "Channels"),
      this.channels,
      h("h2", {}, "Apps"),
      this.apps,
      this.archivedHead,
      this.archived,
    );
    root.append(this.team, new PersonPicker().node, list);
    on(["workspace", "me", "place", "messages", "views"], () => this.draw());
  }

  draw() {
    if (!state.workspace || !state.me) return;
    this.team.replaceChildren(
      h("strong", {}, state.workspace.team.name),
      h("span", {}, `${state.workspace.team.domain}.slack.example`),
    );
    const visible = visibleChannels();
    const archived = visible.filter((item) => item.is_archived);
    this.archivedHead.hidden = archived.length === 0;
    sync(this.channels, visible.filter((item) => !item.is_archived).map(channelRow));
    sync(this.archived, archived.map(channelRow));
    sync(this.apps, appRows());
  }
}

function channelRow(item) {
  const here = state.place?.kind === "channel" && state.place.id === item.id;
  const sign = item.is_archived ? "archive" : item.is_private ? "lock" : "hash";
  const joined = item.members?.includes(state.me) ?? true;
  return {
    key: item.id,
    here,
    sign: () => icon(sign),
    name: item.name,
    kind: item.is_private ? "private channel" : "channel",
    count: unread(item.id),
    joined,
    to: { kind: "channel", id: item.id },
  };
}

function appRows() {
  const { app } = state.workspace;
  const dm = me()?.dm;
  const count = dm ? unread(dm) : 0;
  const tab = count > 0 || app.home_tab === false ? "messages" : "home";
  const here = state.place?.kind === "app";
  return [
    {
      key: `${app.id}-${tab}`,
      here,
      sign: () => avatar(app.bot_user_id, 18),
      name: app.name,
      kind: "app",
      count: here && state.place.tab === "messages" ? 0 : count,
      joined: true,
      to: { kind: "app", tab },
    },
  ];
}

function sync(parent, rows) {
  syncList(parent, rows, {
    key: (row) => row.key,
    signature: (row) => JSON.stringify([row.here, row.name, row.count, row.joined]),
    build: placeButton,
  });
}

function placeButton(row) {
  const badge = row.count > 0 ? h("span", { class: "unread" }, row.count) : null;
  const label = `${row.name}${row.count > 0 ? `, ${row.count} unread` : ""}, ${row.kind}`;
  return h(
    "button",
    {
      type: "button",
      class: `place ${row.count > 0 ? "fresh" : ""} ${row.joined ? "" : "outside"}`,
      "aria-current": row.here ? "page" : null,
      "aria-label": label,
      title: row.joined ? null : "Not a member",
      "data-focus": row.key,
      data: { channel: channel(row.key)?.name ?? row.name },
      on: { click: () => go(row.to) },
    },
    row.sign(),
    h("span", { class: "place-name" }, row.name),
    badge,
  );
}
