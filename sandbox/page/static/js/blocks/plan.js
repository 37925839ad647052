// plan and task_card: work in steps, each with its status.

import { h, svg } from "../dom.js";
import { link } from "../mrkdwn.js";
import { plain } from "../text.js";
import { richText } from "./richtext.js";

const SAID = { pending: "Waiting", in_progress: "Running", complete: "Done", error: "Failed" };

/** Draw a plan: its title, how far it is, and its tasks. */
export function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  return h(
    "section",
    { class: "plan", "aria-label": plain(block.title), "data-testid": "plan" },
    h(
      "header",
      {},
      h("strong", {}, plain(block.title)),
      h("span", { class: "plan-count" }, `${done} of ${tasks.length}`),
    ),
    bar(tasks),
    h(
      "ol",
      {},
      tasks.map((task) => h("li", {}, taskCard(task))),
    ),
  );
}

function bar(tasks) {
  const node = h("div", { class: "plan-bar", "aria-hidden": "true" });
  for (const status of ["complete", "error", "in_progress"]) {
    const part = h("span", { class: status });
    part.style.flexGrow = tasks.filter((task) => task.status === status).length;
    node.append(part);
  }
  const rest = h("span", {});
  rest.style.flexGrow = tasks.filter(
    (task) => !task.status || task.status === "pending",
  ).length;
  node.append(rest);
  return node;
}

/** Draw one task. */
export function taskCard(task) {
  const status = task.status ?? "pending";
  return h(
    "div",
    { class: `task ${status}`, "data-testid": "task", data: { status } },
    statusSign(status),
    h(
      "div",
      { class: "task-text" },
      h(
        "div",
        { class: "task-title" },
        plain(task.title),
        h("span", { class: "task-status" }, SAID[status] ?? status),
      ),
      task.details ? h("div", { class: "task-details" }, richText(task.details)) : null,
      task.output ? h("div", { class: "task-output" }, richText(task.output)) : null,
      task.sources?.length
        ? h(
            "div",
            { class: "task-sources" },
            task.sources.map((source) => link(source.url, source.text ?? null)),
          )
        : null,
    ),
  );
}

const STROKE = {
  fill: "none",
  stroke: "currentColor",
  "stroke-width": 1.8,
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
};
const SIGNS = {
  pending: () => [
    svg("circle", {
      cx: 8,
      cy: 8,
      r: 6,
      ...STROKE,
      "stroke-dasharray": "2.4 2.4",
      "stroke-width": 1.4,
    }),
  ],
  in_progress: () => [
    svg("circle", { cx: 8, cy: 8, r: 6, ...STROKE, opacity: 0.25 }),
    svg("path", { class: "spin", d: "M8 2a6 6 0 0 1 6 6", ...STROKE }),
  ],
  complete: () => [
    svg("circle", { cx: 8, cy: 8, r: 7, fill: "currentColor" }),
    svg("path", { d: "M5 8.2 7.2 10.4 11 6", ...STROKE, stroke: "#fff" }),
  ],
  error: () => [
    svg("circle", { cx: 8, cy: 8, r: 7, fill: "currentColor" }),
    svg("path", { d: "M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4", ...STROKE, stroke: "#fff" }),
  ],
};

function statusSign(status) {
  const draw = SIGNS[status] ?? SIGNS.pending;
  return svg(
    "svg",
    { class: "task-sign", viewBox: "0 0 16 16", "aria-hidden": "true" },
    ...draw(),
  );
}
