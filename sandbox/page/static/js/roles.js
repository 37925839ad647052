// What a person is in the workspace, in words.

/** "Workspace owner", "Guest", … for a Slack user object. */
export function roleOf(who) {
  if (who.deleted) return "Deactivated";
  if (who.is_stranger) return "Another workspace";
  if (who.is_ultra_restricted || who.is_restricted) return "Guest";
  const rank = who.is_owner ? "Workspace owner" : who.is_admin ? "Workspace admin" : null;
  const title = who.profile?.title;
  return [rank, title].filter(Boolean).join(" · ") || "Member";
}
