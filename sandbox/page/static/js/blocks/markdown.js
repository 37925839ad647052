// The markdown block: real Markdown, as much of it as Slack draws.

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { link } from "../mrkdwn.js";

const STARTS = [
  [/^```/, fence],
  [/^(#{1,6})\s+/, heading],
  [/^(?:-{3,}|\*{3,}|_{3,})\s*$/, rule],
  [/^>\s?/, quote],
  [/^\s*(?:[-*+]|\d+[.)])\s+/, list],
  [/^\|.*\|\s*$/, table],
];

/** Draw a Markdown text. */
export function markdown(text) {
  return h("div", { class: "markdown" }, pieces(text));
}

function pieces(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    if (lines[0].trim() === "") lines.shift();
    else nodes.push(piece(lines));
  }
  return nodes;
}

function piece(lines) {
  const start = STARTS.find(([pattern]) => pattern.test(lines[0]));
  return start ? start[1](lines) : paragraph(lines);
}

function takeWhile(lines, fits) {
  const taken = [];
  while (lines.length && fits(lines[0])) taken.push(lines.shift());
  return taken;
}

function fence(lines) {
  lines.shift();
  const body = takeWhile(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return h("pre", {}, body.join("\n"));
}

function heading(lines) {
  const [, signs, text] = /^(#+)\s+(.*?)\s*#*$/.exec(lines.shift());
  return h(`h${Math.min(6, signs.length + 2)}`, {}, inline(text));
}

function rule(lines) {
  lines.shift();
  return h("hr");
}

function quote(lines) {
  const body = takeWhile(lines, (line) => line.startsWith(">"));
  return h("blockquote", {}, pieces(body.map((line) => line.replace(/^>\s?/, "")).join("\n")));
}

function list(lines) {
  const ordered = /^\s*\d/.test(lines[0]);
  const rows = takeWhile(lines, (line) => STARTS[4][0].test(line));
  return h(
    ordered ? "ol" : "ul",
    {},
    rows.map((row) => item(row)),
  );
}

function item(row) {
  const [, indent, text] = /^(\s*)(?:[-*+]|\d+[.)])\s+(.*)$/.exec(row);
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const tick = task
    ? h("input", {
        type: "checkbox",
        disabled: true,
        checked: task[1] !== " ",
        "aria-label": "Task",
      })
    : null;
  const node = h(
    "li",
    { class: task ? "task-item" : null },
    tick,
    inline(task ? task[2] : text),
  );
  node.style.marginInlineStart = `${Math.floor(indent.length / 2) * 18}px`;
  return node;
}

function table(lines) {
  const rows = takeWhile(lines, (line) => STARTS[5][0].test(line)).map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
  const [head, ...body] = rows.filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell) => h(tag, {}, inline(cell))),
    );
  return h(
    "div",
    { class: "table-frame" },
    h(
      "table",
      {},
      h("thead", {}, row(head, "th")),
      h(
        "tbody",
        {},
        body.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function paragraph(lines) {
  const body = [lines.shift()];
  body.push(
    ...takeWhile(
      lines,
      (line) => line.trim() !== "" && !STARTS.some(([pattern]) => pattern.test(line)),
    ),
  );
  return h("p", {}, inline(body.join("\n")));
}

// One alternative a kind of span; the first that fits at a place wins.
const SPAN =
  /\\([\\`*_{}[\]()#+\-.!~|<>&])|`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)|(\*\*|__)(?=\S)([\s\S]*?\S)\5|~~(?=\S)([\s\S]*?\S)~~|(?<![\p{L}\p{N}])([*_])(?=\S)([\s\S]*?\S)\8(?![\p{L}\p{N}])|(https?:\/\/[^\s<>)]+)/u;

function inline(text) {
  const found = SPAN.exec(text);
  if (!found) return withEmoji(text);
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  return [...withEmoji(before), ...[span(found)].flat(), ...inline(after)];
}

function span(found) {
  const [whole, escaped, code, label, address, , strong, struck, , emphasis, bare] = found;
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return h("code", {}, code);
  if (label !== undefined) return link(address, label) ?? whole;
  if (strong !== undefined) return h("strong", {}, inline(strong));
  if (struck !== undefined) return h("s", {}, inline(struck));
  if (emphasis !== undefined) return h("em", {}, inline(emphasis));
  return link(bare) ?? whole;
}
