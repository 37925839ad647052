// Keeps a list of nodes in step with a list of items, touching only what changed, so
// that focus, typed text and scroll position outlive a live update.

import { closePopupIn } from "./popup.js";

/**
 * Bring `parent`'s children in line with `items`.
 *
 * @param parent element whose children all belong to this list
 * @param items  what to show, in order
 * @param spec   {key(item), signature(item), build(item), replaced?(old, fresh)}
 */
export function syncList(parent, items, spec) {
  const old = new Map([...parent.children].map((node) => [node.listKey, node]));
  let place = null;
  for (const item of items) {
    const key = spec.key(item);
    const node = keepOrBuild(old.get(key), item, spec);
    old.delete(key);
    node.listKey = key;
    const next = place ? place.nextSibling : parent.firstChild;
    if (node !== next) parent.insertBefore(node, next);
    place = node;
  }
  for (const node of old.values()) dropNode(node);
}

function keepOrBuild(node, item, spec) {
  const signature = spec.signature(item);
  if (node && node.listSignature === signature) return node;
  const fresh = spec.build(item);
  fresh.listSignature = signature;
  if (!node) return fresh;
  const focus = focusMark(node);
  closePopupIn(node);
  spec.replaced?.(node, fresh);
  node.replaceWith(fresh);
  restoreFocus(fresh, focus);
  return fresh;
}

function dropNode(node) {
  closePopupIn(node);
  node.remove();
}

function focusMark(node) {
  const active = document.activeElement;
  if (!active || !node.contains(active)) return null;
  const marked = active.closest("[data-focus]");
  return {
    mark: marked?.dataset.focus,
    start: active.selectionStart,
    end: active.selectionEnd,
  };
}

function restoreFocus(node, focus) {
  if (!focus?.mark) return;
  const found = node.querySelector(`[data-focus="${CSS.escape(focus.mark)}"]`);
  const target = found ?? (node.dataset.focus === focus.mark ? node : null);
  if (!target) return;
  // The node enters the document right after this call.
  queueMicrotask(() => {
    target.focus({ preventScroll: true });
    if (typeof focus.start === "number" && target.setSelectionRange) {
      target.setSelectionRange(focus.start, focus.end);
    }
  });
}

/** Let the parts (`data-facet`) flash whose text differs between two drawings. */
export function flashChanges(old, fresh) {
  const before = facets(old);
  for (const [name, node] of facets(fresh)) {
    const was = before.get(name);
    if (!was || was.textContent !== node.textContent) flash(node);
  }
}

function facets(node) {
  return new Map([...node.querySelectorAll("[data-facet]")].map((f) => [f.dataset.facet, f]));
}

/** Colour a node briefly so that the eye finds it. */
function flash(node) {
  node.classList.add("flash");
  node.addEventListener("animationend", () => node.classList.remove("flash"), { once: true });
}
