// The app's Home tab, as it last published it for this person.

import { post } from "./api.js";
import { syncBlocks } from "./blocks/index.js";
import { h } from "./dom.js";
import { on, state } from "./store.js";
import { failureText, surfaceFor } from "./surface.js";
import { fetchViews } from "./sync.js";

/** Draws the Home tab and tells the app when it is opened. */
export class HomeTab {
  constructor() {
    this.blocks = h("div", { class: "blocks" });
    this.failure = h("p", { class: "message-failure", role: "alert", hidden: true });
    this.empty = h("p", { class: "home-empty" }, "The app has not drawn its Home yet.");
    this.node = h(
      "div",
      {
        class: "home",
        "data-testid": "home",
        tabindex: 0,
        role: "region",
        "aria-label": "Home",
      },
      h("div", { class: "home-page" }, this.empty, this.blocks, this.failure),
    );
    on(["views"], () => this.draw());
    on(["place", "me"], () => this.opened());
  }

  async opened() {
    const shown = state.place?.kind === "app" && state.place.tab === "home" ? state.me : null;
    const again = shown === this.shown;
    this.shown = shown;
    if (!shown || again) return;
    this.draw();
    const failure = await tellApp(shown);
    await fetchViews();
    this.say(failure);
  }

  say(text) {
    this.failure.textContent = text ?? "";
    this.failure.hidden = !text;
  }

  draw() {
    const view = state.views.home;
    this.empty.hidden = Boolean(view);
    const id = `home:${view?.id ?? "none"}`;
    const surface = surfaceFor(id, { view_id: view?.id }, (text) => this.say(text));
    syncBlocks(this.blocks, view?.blocks ?? [], surface);
  }
}

async function tellApp(user) {
  try {
    const { error } = await post("/control/slack/home", { user });
    return error ? failureText(error) : null;
  } catch (error) {
    return error.message;
  }
}
