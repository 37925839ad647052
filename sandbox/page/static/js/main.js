// Starts the page: builds the three columns, fetches what there is, follows events.

import { Conversation } from "./conversation.js";
import { Guide } from "./guide.js";
import { Inspector } from "./inspector/index.js";
import { Modal } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { state } from "./store.js";
import { become, fetchAll, fetchWorkspace, follow } from "./sync.js";
import { drawTopbar } from "./topbar.js";

const byId = (id) => document.getElementById(id);

async function start() {
  drawTopbar(byId("topbar"));
  new Sidebar(byId("sidebar"));
  new Conversation(byId("conversation"));
  new Modal(byId("modal-layer"), byId("workspace"));
  new Inspector(byId("inspector"));
  new Guide(byId("guide"));
  document.addEventListener("keydown", switchColumn);
  await fetchWorkspace();
  await become(firstPerson());
  await fetchAll();
  follow();
  document.body.dataset.ready = "true";
}

function firstPerson() {
  const kept = sessionStorage.getItem("gatehouse.me");
  const people = state.workspace.people.filter((item) => !item.deleted && !item.is_bot);
  return (people.find((item) => item.id === kept) ?? people[0]).id;
}

// F6 walks between the workspace (or its modal) and the tenant's panel, since Tab stays
// inside an open modal while the panel still has the values to copy.
function switchColumn(event) {
  if (event.key !== "F6") return;
  event.preventDefault();
  const inspector = byId("inspector");
  const inside = inspector.contains(document.activeElement);
  const field = document.querySelector('[role="dialog"] :is(input, textarea)');
  const back = field ?? document.querySelector('[role="dialog"], [data-testid="composer"]');
  (inside ? back : inspector)?.focus();
}

start();
