// table and data_table.

import { h } from "../dom.js";
import { plain, textNodes } from "../text.js";
import { richText } from "./richtext.js";

const CELLS = {
  raw_text: (cell) => [cell.text],
  raw_number: (cell) => [String(cell.value ?? cell.text ?? "")],
  rich_text: (cell) => [richText(cell)],
};

/** Draw a table; its first row is the header. */
export function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const caption = block.caption ? h("caption", {}, plain(block.caption)) : null;
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell, index) => drawCell(cell, tag, settings[index])),
    );
  return h(
    "div",
    {
      class: "table-frame",
      tabindex: 0,
      role: "region",
      "aria-label": block.caption ? plain(block.caption) : "Table",
    },
    h(
      "table",
      {},
      caption,
      h("thead", {}, head ? row(head, "th") : null),
      h(
        "tbody",
        {},
        rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function drawCell(cell, tag, setting) {
  const draw = CELLS[cell.type];
  const node = h(
    tag,
    { scope: tag === "th" ? "col" : null },
    draw ? draw(cell) : textNodes(cell.text),
  );
  if (setting?.align) node.style.textAlign = setting.align;
  if (!setting?.is_wrapped) node.classList.add("one-line");
  return node;
}
