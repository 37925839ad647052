// The "are you sure" dialog that an element may ask for.

import { freshId, h } from "./dom.js";
import { plain, textBox, textNodes } from "./text.js";

/** Ask when there is something to confirm; true when the person agrees. */
export function confirmed(confirm) {
  return confirm ? ask(confirm) : Promise.resolve(true);
}

function ask(confirm) {
  return new Promise((resolve) => {
    const about = freshId("confirm");
    const answer = (value) => () => dialog.close(value);
    const body = textBox(confirm.text, "confirm-text");
    body.id = about;
    const dialog = h("dialog", { class: "confirm", "aria-label": plain(confirm.title), "aria-describedby": about, "data-testid": "confirm" },
      h("h2", {}, textNodes(confirm.title)), body,
      h("div", { class: "confirm-buttons" },
        h("button", { class: "button", type: "button", on: { click: answer("no") } }, textNodes(confirm.deny)),
        h("button", { class: `button ${confirm.style ?? "primary"}`, type: "button", autofocus: true, on: { click: answer("yes") } }, textNodes(confirm.confirm))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
