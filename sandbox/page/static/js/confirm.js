// The "are you sure" dialog that an element may ask for.

import { worded } from "./controls.js";
import { freshId, h } from "./dom.js";
import { plain, textBox, textNodes } from "./text.js";

/** Ask when there is something to confirm; true when the person agrees. */
export function confirmed(confirm) {
  return confirm ? ask(confirm) : Promise.resolve(true);
}

function ask(confirm) {
  return new Promise((resolve) => {
    const dialog = build(confirm);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function build(confirm) {
  const body = textBox(confirm.text, "confirm-text");
  body.id = freshId("confirm");
  const name = { "aria-label": plain(confirm.title), "aria-describedby": body.id };
  const title = h("h2", {}, textNodes(confirm.title));
  const buttons = h("div", { class: "confirm-buttons" });
  const dialog = h(
    "dialog",
    { class: "confirm", "data-testid": "confirm", ...name },
    title,
    body,
    buttons,
  );
  const agree = { class: confirm.style ?? "primary", autofocus: true };
  buttons.append(
    worded(textNodes(confirm.deny), () => dialog.close("no")),
    worded(textNodes(confirm.confirm), () => dialog.close("yes"), agree),
  );
  return dialog;
}
