// Draws blocks; one function a block type.

import { append, h } from "../dom.js";
import { drawElement, unknown } from "../elements/index.js";
import { elementsOf } from "../form.js";
import { icon } from "../icons.js";
import { flashChanges, syncList } from "../keyed.js";
import { textBox, textNodes } from "../text.js";
import { imageBox } from "./image.js";
import { inputBlock } from "./input.js";
import { markdown } from "./markdown.js";
import { plan, taskCard } from "./plan.js";
import { richText } from "./richtext.js";
import { table } from "./table.js";

const DRAW = {
  section,
  actions,
  context,
  card,
  container,
  alert,
  carousel,
  context_actions: actions,
  header: (block) => h("h3", { class: "block-header" }, textNodes(block.text)),
  divider: () => h("hr"),
  image: imageBox,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  table,
  data_table: table,
  plan,
  task_card: taskCard,
  input: inputBlock,
};

/** Draw one block on a surface. */
export function drawBlock(block, surface) {
  const draw = DRAW[block.type];
  return h(
    "div",
    { class: `block of-${block.type}`, data: { blockId: block.block_id } },
    draw ? draw(block, surface) : unknown("block", block.type),
  );
}

/** Bring the drawn blocks in line; unchanged blocks keep their nodes. */
export function syncBlocks(parent, blocks, surface) {
  surface.form.prune(blocks);
  const seen = new Map();
  const keyed = blocks.map((block, index) => ({ block, key: uniqueKey(block, index, seen) }));
  syncList(parent, keyed, {
    key: (item) => item.key,
    signature: (item) => JSON.stringify(item.block) + (surface.viewer ?? ""),
    build: (item) => drawBlock(item.block, surface),
    replaced: flashChanges,
  });
}

function uniqueKey(block, index, seen) {
  const name = block.block_id ?? `${block.type}-${index}`;
  seen.set(name, (seen.get(name) ?? 0) + 1);
  return `${name}#${seen.get(name)}`;
}

function section(block, surface) {
  const fields = block.fields?.length
    ? h(
        "div",
        { class: "fields" },
        block.fields.map((text) => textBox(text, "field-text")),
      )
    : null;
  const words = h(
    "div",
    { class: "section-text" },
    block.text ? textBox(block.text, "text") : null,
    fields,
  );
  if (!block.accessory) return words;
  return h(
    "div",
    { class: "section-row" },
    words,
    h("div", { class: "accessory" }, drawElement(block.accessory, block, surface)),
  );
}

function actions(block, surface) {
  return h(
    "div",
    { class: "action-row" },
    elementsIn(block).map((element) => drawElement(element, block, surface)),
  );
}

function elementsIn(block) {
  return block.type === "actions" ? elementsOf(block) : (block.elements ?? []);
}

function context(block) {
  return h(
    "div",
    { class: "context-row" },
    (block.elements ?? []).map((item) =>
      item.type === "image" ? imageBox(item) : textBox(item, "context-text"),
    ),
  );
}

const ALERT_ICONS = {
  default: "info",
  info: "info",
  warning: "warning",
  error: "warning",
  success: "check",
};

function alert(block) {
  const level = block.level ?? "default";
  return h(
    "div",
    { class: `alert-box ${level}`, role: level === "error" ? "alert" : "note" },
    icon(ALERT_ICONS[level] ?? "info"),
    textBox(block.text, "text"),
  );
}

function card(block, surface) {
  const line = (text, name) => (text ? textBox(text, name) : null);
  return h(
    "article",
    { class: "card" },
    block.hero_image ? imageBox({ ...block.hero_image, type: "image" }) : null,
    line(block.title, "card-title"),
    line(block.subtitle, "card-subtitle"),
    line(block.body, "card-body"),
    line(block.subtext, "card-subtitle"),
    block.actions?.length
      ? h(
          "div",
          { class: "action-row" },
          block.actions.map((item) => drawElement(item, block, surface)),
        )
      : null,
  );
}

function carousel(block, surface) {
  return h(
    "div",
    { class: "carousel" },
    (block.elements ?? block.cards ?? []).map((item) => card(item, surface)),
  );
}

function container(block, surface) {
  const title = block.title
    ? textNodes(block.title)
    : block.rich_text_title
      ? [richText(block.rich_text_title)]
      : [];
  const children = (block.child_blocks ?? []).map((child) => drawBlock(child, surface));
  const subtitle = block.subtitle
    ? h("div", { class: "card-subtitle" }, textNodes(block.subtitle))
    : null;
  if (!block.is_collapsible)
    return h("section", { class: "container-box" }, h("strong", {}, title), subtitle, children);
  const details = h(
    "details",
    { class: "container-box", open: !block.default_collapsed },
    h("summary", {}, title, subtitle),
  );
  return append(details, children);
}
