// The middle: a channel's messages with their threads, or the app's Home.

import { h } from "./dom.js";
import { dayName, clock } from "./dates.js";
import { Composer } from "./composer.js";
import { icon } from "./icons.js";
import { syncList } from "./keyed.js";
import { drawMessage, messageSignature } from "./message.js";
import { HomeTab } from "./home.js";
import { changed, channel, currentChannel, on, personName, state } from "./store.js";
import { go } from "./sync.js";

const NEAR_END_PX = 80;

/** The middle column. */
export class Conversation {
  constructor(root) {
    this.list = h("div", {
      class: "messages",
      role: "log",
      "aria-label": "Messages",
      "data-testid": "messages",
      tabindex: 0,
    });
    this.head = h("header", { class: "conversation-head" });
    this.guide = h("div", { class: "guide-slot", id: "guide" });
    this.composer = new Composer();
    this.home = new HomeTab();
    root.append(this.head, this.guide, this.list, this.home.node, this.composer.node);
    on(["place", "me", "workspace"], () => this.moved());
    on(["messages"], () => this.draw());
    on(["sent"], () => (this.toEnd = true)); // who writes sees what they wrote
    new ResizeObserver(() => this.stick()).observe(this.list);
  }

  moved() {
    if (!state.place) return;
    const id = currentChannel();
    this.drawHead();
    this.list.hidden = !id;
    this.home.node.hidden = Boolean(id);
    this.composer.show(id);
    if (id !== this.shown || state.me !== this.viewer) this.toEnd = true;
    this.shown = id;
    this.viewer = state.me;
    this.draw();
  }

  drawHead() {
    const here = channel(currentChannel());
    if (state.place.kind === "app") this.head.replaceChildren(...this.appHead());
    else if (here) this.head.replaceChildren(...channelHead(here));
  }

  appHead() {
    const tab = (name, label) =>
      h(
        "button",
        {
          role: "tab",
          type: "button",
          "aria-selected": String(state.place.tab === name),
          on: { click: () => go({ kind: "app", tab: name }) },
        },
        label,
      );
    const tabs = [
      state.workspace.app.home_tab === false ? null : tab("home", "Home"),
      tab("messages", "Messages"),
    ];
    return [
      h("h1", {}, state.workspace.app.name, h("span", { class: "app-badge" }, "APP")),
      h("div", { class: "tabs", role: "tablist", "aria-label": "App" }, tabs.filter(Boolean)),
    ];
  }

  draw() {
    const id = currentChannel();
    if (!id) return;
    const atEnd = this.toEnd || this.isAtEnd();
    const all = state.messages.get(id) ?? [];
    syncList(this.list, rows(all, id), {
      key: (row) => row.key,
      signature: (row) => row.signature,
      build: (row) => row.build(),
    });
    this.list.classList.toggle("empty", all.length === 0);
    if (all.length > 0) this.toEnd = false;
    this.pinned = atEnd;
    this.stick();
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  stick() {
    if (this.pinned) this.list.scrollTop = this.list.scrollHeight;
  }
}

function channelHead(here) {
  const sign = here.is_archived ? "archive" : here.is_private ? "lock" : "hash";
  const count = here.members?.length ?? 0;
  const kind = here.is_archived ? "Archived" : here.is_private ? "Private channel" : "Channel";
  return [
    h("h1", {}, icon(sign), here.name),
    h(
      "span",
      { class: "head-note" },
      `${kind} · ${count} ${count === 1 ? "member" : "members"}`,
    ),
  ];
}

function rows(all, id) {
  const main = all.filter(
    (item) =>
      !item.thread_ts || item.thread_ts === item.ts || item.subtype === "thread_broadcast",
  );
  const out = [];
  let day = null;
  for (const message of main) {
    const name = dayName(message.ts);
    if (name !== day) out.push(dayRow(name));
    day = name;
    out.push(messageRow(message, id), ...threadRows(message, all, id));
  }
  return out;
}

function dayRow(name) {
  return {
    key: `day-${name}`,
    signature: name,
    build: () => h("div", { class: "day", role: "separator" }, h("span", {}, name)),
  };
}

function messageRow(message, id) {
  const key = `${state.me}:${id}:${message.ts}`;
  return {
    key,
    signature: messageSignature(message),
    build: () => drawMessage(message, id, (ts) => toggleThread(id, ts, true)),
  };
}

function threadRows(parent, all, id) {
  const replies = all.filter((item) => item.thread_ts === parent.ts && item.ts !== parent.ts);
  const name = `${id}:${parent.ts}`;
  const open = state.openThreads.has(name);
  if (replies.length === 0 && !open) return [];
  const signature = JSON.stringify([open, replies.map(messageSignature)]);
  return [
    {
      key: `thread-${state.me}:${name}`,
      signature,
      build: () => thread(parent, replies, id, open),
    },
  ];
}

function toggleThread(id, ts, open) {
  const name = `${id}:${ts}`;
  if (open) state.openThreads.add(name);
  else state.openThreads.delete(name);
  changed("messages");
}

function thread(parent, replies, id, open) {
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  const when = replies.length ? `Last at ${clock(replies.at(-1).ts)}` : "Start a thread";
  const head = h(
    "button",
    {
      class: "thread-toggle",
      type: "button",
      "aria-expanded": String(open),
      "data-focus": "toggle",
      on: { click: () => toggleThread(id, parent.ts, !open) },
    },
    icon("down"),
    h("span", { class: "thread-count" }, replies.length ? count : "Thread"),
    h("span", { class: "thread-when" }, when),
  );
  if (!open) return h("section", { class: "thread" }, head);
  const composer = threadComposer(id, parent.ts);
  return h(
    "section",
    { class: "thread open", "aria-label": `Thread of ${personName(parent.user)}` },
    head,
    replies.map((message) => drawMessage(message, id, () => {})),
    composer.node,
  );
}

const composers = new Map();

function threadComposer(id, ts) {
  const name = `${id}:${ts}`;
  if (!composers.has(name))
    composers.set(name, new Composer({ thread: ts, placeholder: "Reply…" }));
  composers.get(name).show(id);
  return composers.get(name);
}
