// The select elements: options from the block, from the app, or from the workspace.

import { state, visibleChannels, personName, me } from "../store.js";
import { plain } from "../text.js";
import { Combobox } from "./combobox.js";

const KEYS = {
  static_select: "selected_option",
  external_select: "selected_option",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  conversations_select: "selected_conversation",
  multi_conversations_select: "selected_conversations",
  channels_select: "selected_channel",
  multi_channels_select: "selected_channels",
};

/** The element types drawn here. */
export const SELECTS = Object.keys(KEYS);

/** Draw a select element. `field` gives id, entry, attributes and change(entry). */
export function select(element, field) {
  const { type } = element;
  const source = sourceOf(element, field);
  const multi = type.startsWith("multi_");
  const key = KEYS[type];
  const value = field.entry?.[key];
  const box = new Combobox({
    id: field.id,
    attributes: field.attributes,
    multi,
    max: element.max_selected_items,
    placeholder: plain(element.placeholder) || "Choose…",
    clearable: field.optional,
    external: source.external,
    selected: (multi ? (value ?? []) : value ? [value] : []).map(source.option),
    load: source.load,
    hint: source.hint,
    onChange: (options) => {
      const values = options.map((option) => option.data);
      field.change({ type, [key]: multi ? values : (values[0] ?? null) });
    },
  });
  return box.node;
}

function sourceOf(element, field) {
  if (element.type.includes("external")) return fromApp(element, field);
  if (element.type.includes("static")) return fromBlock(element);
  if (element.type.includes("users")) return { option: personOption, load: listed(people) };
  const filter = element.type.includes("channels") ? { include: ["public"] } : element.filter;
  return { option: channelOption, load: listed(() => channels(filter)) };
}

function blockOption(option) {
  const description = option.description ? plain(option.description) : null;
  return { key: option.value, label: plain(option.text), description, data: option };
}

function groupsOf(source) {
  if (source.option_groups?.length) {
    return source.option_groups.map((g) => ({
      label: plain(g.label),
      options: g.options.map(blockOption),
    }));
  }
  return [{ label: null, options: (source.options ?? []).map(blockOption) }];
}

function fromBlock(element) {
  return { option: blockOption, load: async (query) => matching(groupsOf(element), query) };
}

function fromApp(element, field) {
  const least = element.min_query_length ?? 3;
  const missing = least === 1 ? "Type a character" : `Type at least ${least} characters`;
  return {
    external: true,
    option: blockOption,
    hint: (query) => (query.length < least ? `${missing} to search` : null),
    load: async (query) => groupsOf(await field.suggest(query)),
  };
}

function listed(list) {
  return async (query) => matching([{ label: null, options: list() }], query);
}

function matching(groups, query) {
  const wanted = query.toLowerCase();
  const fits = (option) =>
    `${option.label} ${option.description ?? ""}`.toLowerCase().includes(wanted);
  return groups
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length > 0);
}

function personOption(id) {
  const found = state.workspace.people.find((item) => item.id === id);
  return {
    key: id,
    label: personName(id),
    description: found ? `@${found.name}` : null,
    data: id,
  };
}

function people() {
  return state.workspace.people
    .filter((item) => !item.deleted && !item.is_bot)
    .map((item) => personOption(item.id));
}

function channelOption(id) {
  const found = state.workspace.channels.find((item) => item.id === id);
  if (found?.is_im)
    return {
      key: id,
      label: state.workspace.app.name,
      description: "Direct message",
      data: id,
    };
  return {
    key: id,
    label: `#${found?.name ?? id}`,
    description: found?.is_private ? "Private channel" : null,
    data: id,
  };
}

function channels(filter) {
  const include = filter?.include ?? ["public", "private", "im"];
  const kind = (item) => (item.is_private ? "private" : "public");
  const shown = visibleChannels().filter(
    (item) => !item.is_archived && include.includes(kind(item)),
  );
  const direct =
    include.includes("im") && !filter?.exclude_bot_users && me()?.dm ? [me().dm] : [];
  return [...shown.map((item) => item.id), ...direct].map(channelOption);
}
