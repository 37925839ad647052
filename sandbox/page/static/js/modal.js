// The modal stack: draws the top view over the workspace, keeps what was typed, submits.

import { post } from "./api.js";
import { showError } from "./blocks/input.js";
import { syncBlocks } from "./blocks/index.js";
import { focusables, h } from "./dom.js";
import { iconOnly, worded } from "./controls.js";
import { icon, mark } from "./icons.js";
import { elementsOf } from "./form.js";
import { on, state } from "./store.js";
import { failureText, forgetSurface, surfaceFor } from "./surface.js";
import { fetchMessages, fetchViews } from "./sync.js";
import { plain, textNodes } from "./text.js";

/** Shows the person's open views, one at a time. */
export class Modal {
  constructor(layer, behind) {
    this.layer = layer;
    this.behind = behind;
    this.view = null;
    this.node = null;
    on(["views", "me"], () => this.draw());
  }

  draw() {
    const { stack, notice } = state.views;
    const top = stack.at(-1) ?? null;
    if (!top) return this.hide();
    if (!this.node || this.shown !== `${state.me}:${top.id}`) this.open(top);
    this.update(top, notice);
    return undefined;
  }

  hide() {
    if (!this.node) return;
    this.node.remove();
    this.node = null;
    this.shown = null;
    this.behind.inert = false;
    this.layer.classList.remove("open");
    for (const view of this.known ?? []) forgetSurface(view);
    this.known = new Set();
    const back =
      this.cameFrom?.isConnected && this.cameFrom !== document.body ? this.cameFrom : null;
    (back ?? document.querySelector('[data-testid="composer"]'))?.focus();
  }

  open(view) {
    if (!this.node) this.cameFrom = document.activeElement;
    this.node?.remove();
    this.shown = `${state.me}:${view.id}`;
    this.known = (this.known ?? new Set()).add(view.id);
    this.node = this.frame();
    this.layer.classList.add("open");
    this.layer.append(this.node);
    this.behind.inert = true;
    this.fresh = true;
  }

  frame() {
    this.title = h("h2", {});
    this.notice = h("div", { class: "modal-notice", role: "alert", hidden: true });
    this.blocks = h("div", { class: "blocks" });
    this.body = h("div", { class: "modal-body" }, this.notice, this.blocks);
    const leave = () => this.close(false);
    this.cancel = worded("Cancel", leave, { "data-focus": "cancel" });
    this.submit = h("button", { class: "button primary", type: "submit" });
    this.back = iconOnly("reply", "Previous view", leave);
    const shut = iconOnly("close", "Exit dialog", () => this.close(true));
    const form = h(
      "form",
      { novalidate: true, on: { submit: (event) => this.send(event) } },
      h("header", {}, this.back, mark(24), this.title, shut),
      this.body,
      h("footer", {}, this.cancel, this.submit),
    );
    return h(
      "div",
      {
        class: "modal",
        role: "dialog",
        "data-testid": "modal",
        tabindex: -1,
        on: { keydown: (event) => this.key(event) },
      },
      form,
    );
  }

  update(view, notice) {
    this.view = view;
    this.node.setAttribute("aria-label", plain(view.title));
    this.node.dataset.viewId = view.id;
    this.title.replaceChildren(...textNodes(view.title));
    this.back.hidden = state.views.stack.length < 2;
    this.cancel.replaceChildren(...(view.close ? textNodes(view.close) : ["Cancel"]));
    this.submit.hidden = !view.submit && !view.blocks.some((block) => block.type === "input");
    this.submit.replaceChildren(...(view.submit ? textNodes(view.submit) : ["Submit"]));
    this.surface = surfaceFor(view.id, { view_id: view.id }, (text) => this.say(text));
    this.surface.edited = (block) => this.mark(block.block_id, null);
    adopt(this.surface.form, view);
    syncBlocks(this.blocks, view.blocks, this.surface);
    this.showErrors();
    this.say(notice?.text ?? null);
    if (this.fresh) this.focusFirst();
    else this.keepFocus();
  }

  // An update may take the focused control away; keys must still reach the dialog.
  keepFocus() {
    const active = document.activeElement;
    const gone = this.node.contains(active) && active.getClientRects().length === 0;
    // A second Enter must not answer a question that has only just been asked.
    const submits = active === this.submit && this.asked !== plain(this.view.title);
    this.asked = plain(this.view.title);
    const fields = this.blocks.querySelector("input, textarea") !== null;
    if (active === this.stopgap && fields) this.focusFirst();
    else if (gone || submits || active === document.body)
      this.node.focus({ preventScroll: true });
  }

  focusFirst() {
    this.fresh = false;
    this.asked = plain(this.view.title);
    const wanted = this.view.blocks
      .flatMap(elementsOf)
      .find((element) => element?.focus_on_load);
    const block = wanted && this.view.blocks.find((item) => elementsOf(item).includes(wanted));
    const scope = block
      ? this.blocks.querySelector(`[data-block-id="${CSS.escape(block.block_id)}"]`)
      : this.blocks;
    const first =
      focusables(scope).find((node) => node.matches("input, textarea, select")) ??
      focusables(scope)[0];
    // Without a field yet ("Loading…"), a button holds the focus until one comes.
    this.stopgap = first ? null : this.submit.hidden ? this.cancel : this.submit;
    (first ?? this.stopgap).focus({ preventScroll: true });
  }

  say(text) {
    this.notice.hidden = !text;
    this.notice.replaceChildren(...(text ? [icon("warning"), h("span", {}, text)] : []));
    if (text) this.body.scrollTop = 0;
  }

  mark(blockId, message) {
    if (message) this.surface.form.errors[blockId] = message;
    else delete this.surface.form.errors[blockId];
    const node = this.blocks.querySelector(
      `.input-block[data-block-id="${CSS.escape(blockId)}"]`,
    );
    if (node) showError(node, message);
    return node;
  }

  showErrors() {
    for (const [blockId, message] of Object.entries(this.surface.form.errors))
      this.mark(blockId, message);
  }

  async send(event) {
    event.preventDefault();
    if (this.busy || this.submit.hidden) return;
    const { id } = this.view;
    const { form } = this.surface;
    this.setBusy(true);
    this.say(null);
    for (const blockId of Object.keys(form.errors)) this.mark(blockId, null);
    const answer = await submitted({ user: state.me, view_id: id, state: form.state() });
    this.setBusy(false);
    if (answer.outcome === "errors") this.refused(answer.errors ?? {});
    await Promise.all([fetchViews(), fetchMessages()]);
    if (answer.error && this.node) this.say(answer.words ?? failureText(answer.error));
  }

  refused(errors) {
    const nodes = Object.entries(errors).map(([blockId, message]) =>
      this.mark(blockId, message),
    );
    const first = nodes.find(Boolean);
    if (!first) return this.say(Object.values(errors).join(" "));
    focusables(first)[0]?.focus();
    first.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  setBusy(busy) {
    this.busy = busy;
    this.submit.setAttribute("aria-busy", String(busy));
    this.node?.classList.toggle("busy", busy);
  }

  async close(all) {
    await post("/control/slack/close", { user: state.me, view_id: this.view.id, all }).catch(
      (error) => this.say(error.message),
    );
    await fetchViews();
  }

  key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.close(false);
    } else if (event.key === "Tab") this.trap(event);
  }

  trap(event) {
    const items = focusables(this.node);
    const [first, last] = [items[0], items.at(-1)];
    const out = event.shiftKey
      ? document.activeElement === first || document.activeElement === this.node
      : document.activeElement === last;
    if (!out) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

/** Take over values the sandbox knows of a view that this page has not drawn yet. */
function adopt(form, view) {
  if (form.adopted) return;
  form.adopted = true;
  form.values = structuredClone(view.state?.values ?? {});
}

async function submitted(body) {
  try {
    return await post("/control/slack/submit", body);
  } catch (error) {
    return { outcome: "none", error: error.code, words: error.message };
  }
}
