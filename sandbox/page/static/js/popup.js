// One floating list at a time (options, menus), drawn above everything else.

import { h } from "./dom.js";

let current = null;

/** Show `node` under `owner`; `onClose` runs once when it goes away. */
export function openPopup(owner, node, { onClose, width } = {}) {
  closePopup();
  const layer = document.getElementById("popup-layer");
  const frame = h("div", { class: "popup" }, node);
  layer.append(frame);
  current = { owner, frame, onClose, width };
  place();
  document.addEventListener("pointerdown", closeWhenOutside, true);
  window.addEventListener("scroll", followOwner, true);
  window.addEventListener("resize", place);
}

/** Take the open popup away, if any. */
export function closePopup() {
  if (!current) return;
  const { frame, onClose } = current;
  current = null;
  frame.remove();
  document.removeEventListener("pointerdown", closeWhenOutside, true);
  window.removeEventListener("scroll", followOwner, true);
  window.removeEventListener("resize", place);
  onClose?.();
}

/** Close the popup when its owner sits inside `node`, which is about to go. */
export function closePopupIn(node) {
  if (current && node.contains(current.owner)) closePopup();
}

/** Whether `owner` has its popup open. */
export function hasPopup(owner) {
  return current?.owner === owner;
}

/** Measure again after the popup's content changed. */
export function place() {
  if (!current) return;
  const { owner, frame, width } = current;
  const box = owner.getBoundingClientRect();
  frame.style.minWidth = `${width === "owner" ? box.width : Math.min(box.width, 200)}px`;
  const height = Math.min(frame.scrollHeight, 320);
  const below = window.innerHeight - box.bottom - 12;
  const above = below < height && box.top > below;
  frame.style.maxHeight = `${Math.min(320, Math.max(above ? box.top - 12 : below, 120))}px`;
  frame.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - frame.offsetWidth - 8))}px`;
  frame.style.top = above ? "auto" : `${box.bottom + 4}px`;
  frame.style.bottom = above ? `${window.innerHeight - box.top + 4}px` : "auto";
}

function followOwner(event) {
  if (current && !current.frame.contains(event.target)) place();
}

function closeWhenOutside(event) {
  if (!current) return;
  if (current.frame.contains(event.target) || current.owner.contains(event.target)) return;
  closePopup();
}
