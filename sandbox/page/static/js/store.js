// What the page knows, and who wants to hear when it changes.

const listeners = new Map();

export const state = {
  me: null, // id of the person acted as
  workspace: null, // answer of /control/slack/workspace
  place: null, // {kind: "channel", id} or {kind: "app", tab: "home" | "messages"}
  messages: new Map(), // channel id -> messages, oldest first
  views: { stack: [], home: null, notice: null },
  openThreads: new Set(), // "channel:ts" of threads drawn open
  seen: new Map(), // "person:channel" -> ts of the newest message read
  tenant: null, // answer of /control/entra/tenant
  faults: { slack: [], entra: [] },
  log: [], // newest first
  live: false, // whether the event stream is up
};

/** Call `run` whenever one of the topics changes. */
export function on(topics, run) {
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(run);
  }
}

/** Tell everybody interested that these topics changed, each listener once. */
export function changed(...topics) {
  const due = new Set(topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]));
  for (const run of due) run();
}

/** The person acted as, or null before the workspace is known. */
export function me() {
  return person(state.me);
}

/** A person by id, or null. */
function person(id) {
  return state.workspace?.people.find((item) => item.id === id) ?? null;
}

/** A channel by id, or null. */
export function channel(id) {
  return state.workspace?.channels.find((item) => item.id === id) ?? null;
}

/** Channel id of what is shown in the middle, or null on the Home tab. */
export function currentChannel() {
  if (state.place?.kind === "channel") return state.place.id;
  return state.place?.tab === "messages" ? (me()?.dm ?? null) : null;
}

/** How a person is called in text. */
export function personName(id) {
  const found = person(id);
  if (found) return found.real_name || found.profile?.real_name || found.name;
  const app = state.workspace?.app;
  return app && app.bot_user_id === id ? app.name : id;
}

/** Channels that the person acted as can see, without direct messages. */
export function visibleChannels() {
  const who = me();
  if (!who) return [];
  const guest = who.is_restricted || who.is_stranger;
  return state.workspace.channels.filter((item) => {
    if (item.is_im) return false;
    return (item.members ?? []).includes(who.id) || (!item.is_private && !guest);
  });
}
