// Line icons, drawn here so that the page needs no icon font and no network.

import { svg } from "./dom.js";

const PATHS = {
  hash: "M6 3 4.5 13M11.5 3 10 13M2.5 6h11M2 10h11",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  archive: "M2.5 3.5h11v3h-11zM3.5 6.5v6.5h9V6.5M6.5 9h3",
  home: "M2.5 8 8 3l5.5 5M4 7v6h8V7M7 13V9.5h2V13",
  down: "M4 6l4 4 4-4",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  bolt: "M9 2 3.5 9H8l-1 5 5.5-7H8z",
  send: "M2.5 13.5 14 8 2.5 2.5 4.5 8zM4.5 8H9",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  reply: "M6 4 2.5 7.5 6 11M3 7.5h6.5a4 4 0 0 1 4 4V13",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  check: "M3 8.5 6.5 12 13 4.5",
  warning: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12h.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.5M8 5h.01",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9",
  user: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.5 14c.6-3 2.7-4.3 5.5-4.3s4.9 1.3 5.5 4.3",
  external: "M6 3.5H3v9.5h9.5V10M9 2.5h4.5V7M13 3 7.5 8.5",
  key: "M5.5 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 8.5h6M12 8.5v2.5",
  certificate: "M3 2.5h10v7H3zM8 11.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 11v3l1-.8 1 .8v-3",
};

/** A 16-pixel icon, hidden from assistive technology: name the button instead. */
export function icon(name) {
  return svg(
    "svg",
    { class: "glyph", viewBox: "0 0 16 16", "aria-hidden": "true" },
    stroke(PATHS[name]),
  );
}

function stroke(d) {
  return svg("path", {
    d,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": width(d),
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
}

function width(d) {
  return d === PATHS.more ? "2.2" : "1.4";
}

/** The gate, our mark. */
export function mark(size = 20) {
  return svg(
    "svg",
    { class: "mark", width: size, height: size, viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("rect", { width: 32, height: 32, rx: 8, fill: "#0b6e69" }),
    svg("path", { d: "M8 25V14a8 8 0 0 1 16 0v11h-4V14a4 4 0 0 0-8 0v11z", fill: "#fff" }),
    svg("path", { d: "M15 17h2v8h-2z", fill: "#8fe0d4" }),
  );
}
