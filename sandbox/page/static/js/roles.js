// What a person is in the workspace, in words.

/** "Workspace owner", "Guest", …, or null for an ordinary member. */
export function rankOf(who) {
  if (who.deleted) return "Deactivated";
  if (who.is_stranger) return "Another workspace";
  if (who.is_ultra_restricted || who.is_restricted) return "Guest";
  if (who.is_owner) return "Workspace owner";
  return who.is_admin ? "Workspace admin" : null;
}

/** Rank and job title of a Slack user object. */
export function roleOf(who) {
  return [rankOf(who), who.profile?.title].filter(Boolean).join(" · ") || "Member";
}
