// Fetches what changed, as the event stream names it, and notes what is unread.

import { get } from "./api.js";
import { changed, channel, currentChannel, me, state, visibleChannels } from "./store.js";
import { toast } from "./toast.js";

const LOG_KEPT = 300;
const ACK_WAIT_SECONDS = 15;
const newest = { slack: 0, delivery: 0, graph: 0 }; // seq of the newest log line known

/** Run `work` alone: a call during a run asks for one more run after it. */
function alone(work) {
  let running = null;
  let again = false;
  async function rounds() {
    do {
      again = false;
      await work().catch((error) => toast(error.message, "error"));
    } while (again);
    running = null;
  }
  return function run() {
    if (running) again = true;
    else running = rounds();
    return running;
  };
}

export const fetchWorkspace = alone(async () => {
  state.workspace = await get("/control/slack/workspace");
  changed("workspace");
});

export const fetchMessages = alone(async () => {
  const who = me();
  if (!who) return;
  const ids = [...visibleChannels().map((item) => item.id), ...(who.dm ? [who.dm] : [])];
  const lists = await Promise.all(ids.map((id) => channelMessages(id, who.id)));
  if (state.me !== who.id) return;
  state.messages = new Map(ids.map((id, index) => [id, lists[index]]));
  markSeen();
  changed("messages");
});

async function channelMessages(id, as) {
  try {
    return (await get("/control/slack/messages", { channel: id, as })).messages;
  } catch (error) {
    if (error.code === "not_in_channel" || error.code === "channel_not_found") return [];
    throw error;
  }
}

export const fetchViews = alone(async () => {
  const who = state.me;
  if (!who) return;
  const answer = await get("/control/slack/views", { as: who });
  if (state.me !== who) return;
  state.views = { stack: answer.stack ?? [], home: answer.home, notice: answer.notice };
  changed("views");
});

export const fetchTenant = alone(async () => {
  state.tenant = await get("/control/entra/tenant");
  changed("tenant");
});

export const fetchFaults = alone(async () => {
  const [slack, entra] = await Promise.all([
    get("/control/slack/faults"),
    get("/control/entra/faults"),
  ]);
  state.faults = { slack: slack.faults, entra: entra.faults };
  changed("faults");
});

export const fetchLog = alone(async () => {
  const [slack, entra] = await Promise.all([
    // Calls and deliveries may count apart, so ask from the lower of the two.
    get("/control/slack/log", {
      since: Math.min(newest.slack, newest.delivery, ...unanswered()),
    }),
    get("/control/entra/requests", { since: newest.graph }),
  ]);
  const fresh = [
    ...merge(slack.calls, "slack"),
    ...merge(slack.deliveries, "delivery"),
    ...merge(entra.requests, "graph"),
  ];
  if (fresh.length === 0) return;
  const kept = state.log.filter((entry) => !fresh.some((item) => item.key === entry.key));
  state.log = [...fresh, ...kept].sort((a, b) => order(b) - order(a)).slice(0, LOG_KEPT);
  changed("log");
});

// Deliveries whose ack may still come: their line has to be read again.
function unanswered() {
  const latest = state.log[0]?.at ?? 0;
  return state.log
    .filter((entry) => entry.source === "delivery" && entry.acked_ms === null)
    .filter((entry) => latest - entry.at < ACK_WAIT_SECONDS)
    .map((entry) => entry.seq - 1);
}

function merge(items, source) {
  const known = new Map(state.log.map((entry) => [entry.key, entry.text]));
  const lines = (items ?? []).map((item) => {
    newest[source] = Math.max(newest[source], item.seq);
    return { ...item, source, key: `${source}-${item.seq}`, text: JSON.stringify(item) };
  });
  return lines.filter((line) => known.get(line.key) !== line.text);
}

function order(entry) {
  const at = typeof entry.at === "number" ? entry.at * 1000 : Date.parse(entry.at);
  return Number.isNaN(at) ? 0 : at;
}

const FETCHERS = {
  workspace: fetchWorkspace,
  messages: fetchMessages,
  views: fetchViews,
  home: fetchViews,
  tenant: fetchTenant,
  faults: fetchFaults,
  log: fetchLog,
};

/** Fetch everything once. */
export async function fetchAll() {
  await fetchWorkspace();
  await Promise.all([...new Set(Object.values(FETCHERS))].map((run) => run()));
}

/** Follow the sandbox's events for as long as the page is open. */
export function follow() {
  const source = new EventSource("/control/events");
  source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("open", () => setLive(true));
  source.addEventListener("error", () => {
    setLive(false);
    if (source.readyState !== EventSource.CLOSED) return; // the browser retries
    setTimeout(follow, 1000);
  });
}

function setLive(live) {
  const back = live && !state.live && state.workspace !== null;
  state.live = live;
  changed("live");
  if (!back) return;
  // The sandbox may have been started anew, and count its log from one again.
  Object.assign(newest, { slack: 0, delivery: 0, graph: 0 });
  state.log = [];
  fetchAll();
}

function heard(event) {
  const due = new Set((event.what ?? []).map((what) => FETCHERS[what]).filter(Boolean));
  for (const run of due) run();
}

/** Note that the person has read what is shown in the middle. */
function markSeen() {
  const id = currentChannel();
  const newest = id && state.messages.get(id)?.at(-1)?.ts;
  if (newest) state.seen.set(`${state.me}:${id}`, newest);
}

const openedAt = Date.now() / 1000;

/** How many messages of others in a channel came after the person last looked. */
export function unread(id) {
  const seen = Number(state.seen.get(`${state.me}:${id}`) ?? openedAt);
  const messages = state.messages.get(id) ?? [];
  return messages.filter((item) => Number(item.ts) > seen && item.user !== state.me).length;
}

/** Act as another person; what is shown stays where they may see it. */
export async function become(id) {
  state.me = id;
  state.messages = new Map();
  state.views = { stack: [], home: null, notice: null };
  sessionStorage.setItem("gatehouse.me", id);
  keepPlace();
  changed("me", "place", "messages", "views");
  await Promise.all([fetchMessages(), fetchViews()]);
}

function keepPlace() {
  const visible = visibleChannels();
  const here = state.place?.kind === "channel" ? channel(state.place.id) : null;
  if (state.place?.kind === "app" || (here && visible.includes(here))) return;
  const first = visible.find((item) => !item.is_archived && item.members?.includes(state.me));
  state.place = first ? { kind: "channel", id: first.id } : { kind: "app", tab: "home" };
}

/** Show a channel, or the app's Home or Messages tab, in the middle. */
export function go(place) {
  state.place = place;
  markSeen();
  changed("place", "messages");
}
