// Images. The page fetches nothing from elsewhere, so a remote one is named instead.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { plain } from "../text.js";

/** Draw an image block or element. */
export function imageBox(image) {
  const address = image.image_url ?? "";
  const here = address.startsWith("data:image/") || address.startsWith(`${location.origin}/`);
  const title = image.title ? h("figcaption", {}, plain(image.title)) : null;
  const small = image.type === "image" && !image.block_id ? "small" : "large";
  if (here)
    return h(
      "figure",
      { class: `image ${small}` },
      title,
      h("img", { src: address, alt: image.alt_text }),
    );
  const stand = h(
    "span",
    { class: "image-stand-in", role: "img", "aria-label": image.alt_text, title: address },
    icon("eye"),
    image.alt_text,
  );
  return h("figure", { class: `image ${small}` }, title, stand);
}
