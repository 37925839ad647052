// The app's Home tab, as it last published it for this person.

import { post } from "./api.js";
import { syncBlocks } from "./blocks/index.js";
import { h } from "./dom.js";
import { on, state } from "./store.js";
import { surfaceFor } from "./surface.js";
import { fetchViews } from "./sync.js";
import { toast } from "./toast.js";

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
    try {
      await post("/control/slack/home", { user: shown });
    } catch (error) {
      toast(error.message, "error");
    }
    await fetchViews();
  }

  draw() {
    const view = state.views.home;
    this.empty.hidden = Boolean(view);
    const surface = surfaceFor(`home:${view?.id ?? "none"}`, { view_id: view?.id }, (text) => {
      this.failure.textContent = text ?? "";
      this.failure.hidden = !text;
    });
    syncBlocks(this.blocks, view?.blocks ?? [], surface);
  }
}
