// Where people write: messages, slash commands with hints, mentions, global shortcuts.

import { post } from "./api.js";
import { freshId, h } from "./dom.js";
import { iconOnly } from "./controls.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { runShortcut } from "./message.js";
import { Suggestions } from "./suggestions.js";
import { changed, channel, me, on, state } from "./store.js";
import { failureText } from "./surface.js";
import { fetchMessages, fetchViews } from "./sync.js";
import { withHandles } from "./typed.js";

/** A composer for a channel, or for a thread in it. */
export class Composer {
  constructor({ thread = null, placeholder = null } = {}) {
    this.thread = thread;
    this.placeholder = placeholder;
    this.drafts = new Map();
    this.node = this.build();
    this.suggestions = new Suggestions(this.field, this.hint);
    if (!thread) on(["prefill"], () => this.prefill());
  }

  build() {
    this.field = h("textarea", {
      class: "composer-field",
      rows: 1,
      id: freshId("composer"),
      "data-testid": this.thread ? "thread-composer" : "composer",
      "data-focus": "composer",
      on: { keydown: (event) => this.key(event), input: () => this.grew() },
    });
    this.hint = h("div", { class: "composer-hint", "aria-live": "polite" });
    this.failure = h("div", {
      class: "composer-failure",
      role: "alert",
      hidden: true,
      "data-testid": "composer-error",
    });
    this.box = this.buildBox();
    this.closed = h("p", { class: "composer-closed", hidden: true });
    return h(
      "div",
      { class: this.thread ? "composer in-thread" : "composer" },
      this.failure,
      this.box,
      this.closed,
      this.hint,
    );
  }

  buildBox() {
    const open = (event) => this.shortcuts(event);
    const bolt = iconOnly("bolt", "Shortcuts", open, { "aria-haspopup": "menu" });
    this.send = iconOnly("send", "Send", () => this.submit(), { class: "send" });
    const before = this.thread ? null : bolt;
    return h("div", { class: "composer-box" }, before, this.field, this.send);
  }

  /** Write in this channel from now on; null hides the composer. */
  show(id) {
    this.node.hidden = !id;
    if (!id) return;
    const key = `${state.me}:${id}`;
    if (this.draftKey !== key) this.swapDraft(key);
    this.channel = id;
    this.draw(channel(id));
  }

  swapDraft(key) {
    if (this.draftKey) this.drafts.set(this.draftKey, this.field.value);
    this.draftKey = key;
    this.field.value = this.drafts.get(key) ?? "";
    this.fail(null);
    this.grew();
  }

  draw(here) {
    const reason = closedBecause(here);
    this.box.hidden = Boolean(reason);
    this.closed.hidden = !reason;
    this.closed.textContent = reason ?? "";
    const name = here?.is_im || !here ? state.workspace.app.name : `#${here.name}`;
    this.field.placeholder = this.placeholder ?? `Message ${name} or type / for commands`;
    this.field.setAttribute("aria-label", this.thread ? "Reply in thread" : `Message ${name}`);
  }

  prefill() {
    this.field.value = state.prefill ?? "";
    this.grew();
    this.field.focus();
  }

  grew() {
    this.field.style.height = "auto";
    const needed = this.field.scrollHeight; // 0 while it is not in the document
    if (needed > 0) this.field.style.height = `${Math.min(needed, 140)}px`;
    if (this.field.value === "") this.hint.textContent = "";
    this.send.disabled = this.field.value.trim() === "";
  }

  key(event) {
    if (this.suggestions.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text || this.busy) return;
    this.suggestions.close();
    this.fail(null);
    this.busy = true;
    this.node.classList.add("busy");
    this.field.value = "";
    this.grew();
    const failure = await this.deliver(text);
    changed("sent");
    this.busy = false;
    this.node.classList.remove("busy");
    if (failure) this.giveBack(text, failure);
    await Promise.all([fetchMessages(), fetchViews()]);
  }

  giveBack(text, failure) {
    if (this.field.value === "") this.field.value = text;
    this.grew();
    this.fail(failure);
  }

  async deliver(text) {
    const command = !this.thread && text.startsWith("/");
    const common = { user: state.me, channel: this.channel, text: withHandles(text) };
    try {
      if (!command)
        await post("/control/slack/say", { ...common, thread_ts: this.thread ?? undefined });
      else return commandFailure(text, (await post("/control/slack/command", common)).error);
    } catch (error) {
      return error.message;
    }
    return null;
  }

  fail(text) {
    this.failure.hidden = !text;
    this.failure.replaceChildren(...(text ? [icon("warning"), h("span", {}, text)] : []));
  }

  shortcuts(event) {
    const offered = state.workspace.app.shortcuts.filter((item) => item.type === "global");
    const items = offered.map((item) => ({
      label: item.name,
      note: item.description,
      run: () => runShortcut({ callback_id: item.callback_id }),
    }));
    openMenu(
      event.currentTarget,
      items.length ? items : [{ label: "No shortcuts", disabled: true }],
      "Shortcuts",
    );
  }
}

function closedBecause(here) {
  const who = me();
  if (!here || here.is_im) return null;
  if (here.is_archived) return "This channel is archived. Nobody can write here.";
  if (here.members && !here.members.includes(who.id))
    return `${who.real_name} is not a member of this channel.`;
  return null;
}

function commandFailure(text, error) {
  if (!error) return null;
  const [command] = text.split(/\s/);
  if (error === "unknown_command")
    return `${command} is not a command here. Type / to see those there are.`;
  return `${command} failed. ${failureText(error)}`;
}
