// What people entered on one surface: `values[block_id][action_id]`, as Slack sends it.

const KINDS = {
  button: () => null,
  overflow: () => null,
  static_select: (e) => ({ selected_option: e.initial_option ?? null }),
  external_select: (e) => ({ selected_option: e.initial_option ?? null }),
  radio_buttons: (e) => ({ selected_option: e.initial_option ?? null }),
  multi_static_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_external_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  checkboxes: (e) => ({ selected_options: e.initial_options ?? [] }),
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? null }),
  multi_conversations_select: (e) => ({
    selected_conversations: e.initial_conversations ?? [],
  }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  multi_channels_select: (e) => ({ selected_channels: e.initial_channels ?? [] }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null }),
  datetimepicker: (e) => ({ selected_date_time: e.initial_date_time ?? null }),
  plain_text_input: (e) => ({ value: e.initial_value ?? null }),
  email_text_input: (e) => ({ value: e.initial_value ?? null }),
  url_text_input: (e) => ({ value: e.initial_value ?? null }),
  number_input: (e) => ({ value: e.initial_value ?? null }),
};

/** The value an element starts with, or null when it keeps none. */
export function initialEntry(element) {
  const value = KINDS[element.type]?.(element);
  return value ? { type: element.type, ...value } : null;
}

/** The entries of one surface; outlives redrawing as long as block and action stay. */
export class Form {
  constructor() {
    this.values = {};
    this.errors = {};
  }

  /** What was entered, or what the element starts with. */
  entry(block, element) {
    const kept = this.values[block.block_id]?.[element.action_id];
    if (kept && kept.type === element.type) return kept;
    const start = initialEntry(element);
    if (start) this.set(block, element, start);
    return start;
  }

  /** Keep an entry. */
  set(block, element, entry) {
    this.values[block.block_id] ??= {};
    this.values[block.block_id][element.action_id] = entry;
  }

  /** Forget the entries of elements that are no longer drawn. */
  prune(blocks) {
    const drawn = new Set(blocks.flatMap(entryKeys));
    for (const [blockId, actions] of Object.entries(this.values)) {
      for (const actionId of Object.keys(actions)) {
        if (!drawn.has(`${blockId}\n${actionId}`)) delete actions[actionId];
      }
      if (Object.keys(actions).length === 0) delete this.values[blockId];
    }
  }

  /** The state to send along. */
  state() {
    return { values: structuredClone(this.values) };
  }
}

function entryKeys(block) {
  return elementsOf(block).map((element) => `${block.block_id}\n${element.action_id}`);
}

/** The interactive elements of one block. */
export function elementsOf(block) {
  if (block.type === "actions") return block.elements ?? [];
  if (block.type === "input") return [block.element];
  if (block.type === "section" && block.accessory) return [block.accessory];
  if (block.type === "container") return (block.child_blocks ?? []).flatMap(elementsOf);
  return [];
}
