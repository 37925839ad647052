// Emoji by shortcode. The status signs that apps lean on are drawn here, since not every
// computer has an emoji font; the others are the platform's own characters.

import { h, svg } from "./dom.js";

const RED = "#c7362b";
const AMBER = "#c98a12";
const GREEN = "#2a8a52";
const BLUE = "#2f6fb3";
const GREY = "#7c878a";

const disc = (fill) => [svg("circle", { cx: 8, cy: 8, r: 6.2, fill })];
const square = (fill) => [svg("rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 3, fill })];
const line = (d, stroke = "#fff") =>
  svg("path", {
    d,
    fill: "none",
    stroke,
    "stroke-width": 1.9,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });

const DRAWN = {
  grey_question: () => [line("M5 5.6a3 3 0 1 1 4.6 2.5C8.6 8.8 8 9.3 8 10.4M8 13.2v.1", GREY)],
  gear: () => [
    svg("circle", { cx: 8, cy: 8, r: 3.4, fill: "none", stroke: GREY, "stroke-width": 2.2 }),
    line(
      "M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4",
      GREY,
    ),
  ],
  triangular_flag_on_post: () => [
    line("M4 1.8v12.4", GREY),
    svg("path", { d: "M4.6 2.4 13.6 5.6 4.6 8.8z", fill: RED }),
  ],
  bust_in_silhouette: () => [
    svg("path", {
      d: "M8 8.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM2 14.4c.5-3.6 2.8-5 6-5s5.5 1.4 6 5z",
      fill: GREY,
    }),
  ],
  alarm_clock: () => [
    svg("circle", { cx: 8, cy: 8.6, r: 5.2, fill: "none", stroke: RED, "stroke-width": 1.7 }),
    line("M8 5.8v3l1.8 1.4M2.2 4 4.4 2.2M13.8 4l-2.2-1.8", RED),
  ],
  leftwards_arrow_with_hook: () => [
    ...square(BLUE),
    line("M6.8 5 4.4 7.4l2.4 2.4M4.8 7.4h4.4a2.2 2.2 0 0 1 0 4.4H8"),
  ],
  white_check_mark: () => [...square(GREEN), line("M4.6 8.3 7 10.7l4.4-5.2")],
  heavy_check_mark: () => [line("M3 8.6 6.4 12 13 4.4", GREEN)],
  x: () => [line("M3.5 3.5l9 9M12.5 3.5l-9 9", RED)],
  no_entry: () => [...disc(RED), line("M5 8h6")],
  no_entry_sign: () => [
    svg("circle", { cx: 8, cy: 8, r: 5.6, fill: "none", stroke: RED, "stroke-width": 1.9 }),
    line("M4 4l8 8", RED),
  ],
  warning: () => [
    svg("path", { d: "M8 1.8 15 14H1z", fill: AMBER, "stroke-linejoin": "round" }),
    line("M8 6v4M8 12.2v.1"),
  ],
  rotating_light: () => [
    svg("path", { d: "M4 13V8a4 4 0 0 1 8 0v5z", fill: RED }),
    line("M2.5 13.5h11M8 1v1.2M2.6 3.4l.9.9M13.4 3.4l-.9.9", RED),
  ],
  red_circle: () => disc(RED),
  large_red_circle: () => disc(RED),
  large_orange_circle: () => disc("#d26a1b"),
  large_yellow_circle: () => disc("#dcb021"),
  large_green_circle: () => disc(GREEN),
  large_blue_circle: () => disc(BLUE),
  white_circle: () => [
    svg("circle", { cx: 8, cy: 8, r: 5.4, fill: "none", stroke: GREY, "stroke-width": 1.6 }),
  ],
  black_circle: () => disc("#333b3d"),
  information_source: () => [...square(BLUE), line("M8 7.3v4M8 4.7v.1")],
  hourglass_flowing_sand: () => [
    line("M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14", AMBER),
  ],
  hourglass: () => [line("M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14", AMBER)],
  lock: () => [
    svg("rect", { x: 3, y: 7, width: 10, height: 7.5, rx: 1.6, fill: AMBER }),
    line("M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2", GREY),
  ],
  key: () => [line("M5 11a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 5 11zM7.6 8.4H14v2.4", AMBER)],
  bell: () => [
    svg("path", {
      d: "M8 1.6c-2.7 0-4.2 2-4.2 4.6 0 3.6-1.3 4.4-1.3 5.4h11c0-1-1.3-1.8-1.3-5.4C12.2 3.6 10.7 1.6 8 1.6z",
      fill: AMBER,
    }),
    line("M6.8 13.6a1.3 1.3 0 0 0 2.4 0", AMBER),
  ],
  no_bell: () => [
    svg("path", {
      d: "M8 1.6c-2.7 0-4.2 2-4.2 4.6 0 3.6-1.3 4.4-1.3 5.4h11c0-1-1.3-1.8-1.3-5.4C12.2 3.6 10.7 1.6 8 1.6z",
      fill: GREY,
    }),
    line("M2 2l12 12", RED),
  ],
};

const CHARACTERS = {
  "+1": "👍",
  thumbsup: "👍",
  "-1": "👎",
  thumbsdown: "👎",
  wave: "👋",
  tada: "🎉",
  eyes: "👀",
  smile: "😄",
  busts_in_silhouette: "👥",
  door: "🚪",
  memo: "📝",
  clipboard: "📋",
  calendar: "📆",
  clock1: "🕐",
  shield: "🛡️",
  link: "🔗",
  wrench: "🔧",
  mag: "🔍",
  bulb: "💡",
  rocket: "🚀",
  zap: "⚡",
  fire: "🔥",
  boom: "💥",
  closed_lock_with_key: "🔐",
  unlock: "🔓",
  page_facing_up: "📄",
  package: "📦",
  arrow_right: "➡️",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  arrows_counterclockwise: "🔄",
  repeat: "🔁",
  question: "❓",
  exclamation: "❗",
  heavy_minus_sign: "➖",
  heavy_plus_sign: "➕",
  speech_balloon: "💬",
  lock_with_ink_pen: "🔏",
  office: "🏢",
  key2: "🗝️",
  ballot_box_with_check: "☑️",
  stopwatch: "⏱️",
  timer_clock: "⏲️",
  octagonal_sign: "🛑",
  construction: "🚧",
  see_no_evil: "🙈",
  people_holding_hands: "🧑‍🤝‍🧑",
  identification_card: "🪪",
  chart_with_upwards_trend: "📈",
  receipt: "🧾",
};

/** A shortcode's picture, or null when this page does not know it. */
export function emoji(name) {
  const base = name.split("::")[0];
  if (DRAWN[base]) {
    return svg(
      "svg",
      { class: "emoji", viewBox: "0 0 16 16", role: "img", "aria-label": `${base} emoji` },
      ...DRAWN[base](),
    );
  }
  const character = CHARACTERS[base];
  return character
    ? h("span", { class: "emoji", role: "img", "aria-label": `${base} emoji` }, character)
    : null;
}

const SHORTCODE = /:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/g;

/** Text with its shortcodes drawn; an unknown one stays as written. */
export function withEmoji(text) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(SHORTCODE)) {
    const picture = emoji(match[1]);
    if (!picture) continue;
    nodes.push(text.slice(last, match.index), picture);
    last = match.index + match[0].length;
  }
  nodes.push(text.slice(last));
  return nodes.filter((node) => node !== "");
}
