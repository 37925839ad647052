"""How much of Slack the simulator is: what is supported, partial and absent.

Each row is (name, support, test or note). A supported row names the test that shows
it, a partial or absent one says what is lacking. A test holds the list to the code.
"""

from typing import Literal

Support = Literal["supported", "partial", "absent"]
Row = tuple[str, Support, str]

METHODS: tuple[Row, ...] = (
    ("apps.connections.open", "supported", "test_calls.py::test_tokens"),
    ("auth.test", "supported", "test_calls.py::test_who_am_i"),
    ("bots.info", "supported", "test_directory.py::test_team_and_bot"),
    ("chat.delete", "supported", "test_messages.py::test_delete_and_permalink"),
    ("chat.getPermalink", "supported", "test_messages.py::test_delete_and_permalink"),
    (
        "chat.postEphemeral",
        "supported",
        "test_messages.py::test_ephemeral_is_seen_by_one_and_cannot_be_updated",
    ),
    (
        "chat.postMessage",
        "supported",
        "test_messages.py::test_where_the_bot_cannot_post",
    ),
    ("chat.update", "supported", "test_messages.py::test_update_by_slacks_rules"),
    (
        "conversations.history",
        "supported",
        "test_directory.py::test_history_between_two_moments",
    ),
    ("conversations.info", "supported", "test_directory.py::test_conversation_facts"),
    ("conversations.join", "supported", "test_directory.py::test_opening_and_joining"),
    ("conversations.list", "supported", "test_directory.py::test_conversation_lists"),
    ("conversations.members", "supported", "test_directory.py::test_members"),
    ("conversations.open", "partial", "One person only; group messages are refused."),
    (
        "conversations.replies",
        "supported",
        "test_messages.py::test_threads_are_counted",
    ),
    (
        "files.completeUploadExternal",
        "partial",
        "Shares to `channel_id`; the list `channels` is not read.",
    ),
    (
        "files.getUploadURLExternal",
        "supported",
        "test_directory.py::test_uploads_that_are_refused",
    ),
    ("reactions.add", "supported", "test_messages.py::test_reactions"),
    ("team.info", "supported", "test_directory.py::test_team_and_bot"),
    ("usergroups.list", "supported", "test_directory.py::test_user_groups"),
    ("usergroups.users.list", "supported", "test_directory.py::test_user_groups"),
    ("users.conversations", "supported", "test_directory.py::test_conversation_lists"),
    (
        "users.info",
        "supported",
        "test_directory.py::test_address_needs_its_own_scope",
    ),
    ("users.list", "supported", "test_directory.py::test_paging"),
    ("users.lookupByEmail", "supported", "test_directory.py::test_lookup_by_email"),
    ("views.open", "supported", "test_views.py::test_opened_view_is_complete"),
    ("views.publish", "supported", "test_views.py::test_home_tab"),
    ("views.push", "supported", "test_views.py::test_stack_of_three"),
    ("views.update", "supported", "test_views.py::test_update_keeps_what_stays"),
    ("agents.sessions.setStatus", "absent", "No agent sessions."),
    ("apps.manifest.validate", "absent", "No configuration tokens."),
    ("assistant.threads.setStatus", "absent", "No assistant threads."),
    ("blocks.validate", "absent", "The same checks run inside the posting methods."),
    ("canvases.create", "absent", "No canvases."),
    ("chat.scheduleMessage", "absent", "Nothing is posted later."),
    ("chat.startStream", "absent", "No streams."),
    ("chat.unfurl", "absent", "Links are never unfurled."),
    ("files.info", "absent", "Files are known by their messages."),
    ("functions.completeSuccess", "absent", "No workflow steps."),
    ("oauth.v2.access", "absent", "The app is installed from the start."),
    ("slackLists.create", "absent", "No lists."),
    ("users.profile.get", "absent", "users.info has the profile."),
)

PAYLOADS: tuple[Row, ...] = (
    ("slash_command", "supported", "test_delivery.py::test_envelope_of_a_command"),
    ("block_actions", "supported", "test_clicks.py::test_click_on_a_message"),
    (
        "block_suggestion",
        "supported",
        "test_clicks.py::test_options_of_an_external_select",
    ),
    ("view_submission", "supported", "test_modals.py::test_submission_payload"),
    ("view_closed", "supported", "test_modals.py::test_closing"),
    ("global_shortcut", "supported", "test_commands.py::test_shortcuts"),
    ("message_shortcut", "supported", "test_commands.py::test_shortcuts"),
    ("response_urls of a submission", "absent", "Always an empty list."),
)

EVENTS: tuple[Row, ...] = (
    (
        "app_home_opened",
        "supported",
        "test_commands.py::test_home_brings_the_published_view",
    ),
    ("app_mention", "supported", "test_commands.py::test_saying_something"),
    ("message", "partial", "New messages of people; no edits, no deletions."),
    ("app_uninstalled", "absent", "The fault token_revoked shows what calls then get."),
    ("tokens_revoked", "absent", "As app_uninstalled."),
    ("function_executed", "absent", "No workflow steps."),
    ("member_joined_channel", "absent", "Changes of membership are silent."),
    ("user_change", "absent", "Changes of people are silent."),
)

_SOUND = "test_block_rules.py::test_each_block_only_on_its_surfaces"
BLOCKS: tuple[Row, ...] = (
    ("actions", "supported", _SOUND),
    ("alert", "supported", _SOUND),
    ("card", "supported", _SOUND),
    ("carousel", "supported", _SOUND),
    ("container", "partial", "Messages only; no input, file or video inside."),
    ("context", "supported", _SOUND),
    ("context_actions", "supported", _SOUND),
    ("data_table", "partial", "Buttons in cells are checked but cannot be pressed."),
    ("data_visualization", "supported", _SOUND),
    ("divider", "supported", _SOUND),
    ("header", "supported", _SOUND),
    ("image", "supported", _SOUND),
    ("input", "partial", "Views only; Slack may take it in messages by now."),
    ("markdown", "supported", _SOUND),
    ("plan", "supported", _SOUND),
    ("rich_text", "supported", _SOUND),
    ("section", "supported", _SOUND),
    ("table", "supported", _SOUND),
    ("task_card", "supported", _SOUND),
    ("auth_provider", "absent", "Refused as an unsupported type."),
    ("call", "absent", "Refused as an unsupported type."),
    ("file", "absent", "Slack refuses it from apps too."),
    ("video", "absent", "Refused as an unsupported type; it needs a scope of its own."),
)

_PICK = "test_picks.py::test_each_element_sends_its_own_member"
_CLIENT = "test_modals.py::test_the_client_refuses_before_sending"
_LIMIT = "test_block_limits.py::test_modal_block_at_its_limit"
ELEMENTS: tuple[Row, ...] = (
    ("button", "supported", "test_clicks.py::test_click_on_a_message"),
    ("channels_select", "supported", _PICK),
    ("checkboxes", "supported", _PICK),
    ("conversations_select", "supported", _PICK),
    ("datepicker", "supported", _PICK),
    ("datetimepicker", "supported", _PICK),
    ("email_text_input", "supported", _CLIENT),
    (
        "external_select",
        "supported",
        "test_clicks.py::test_options_of_an_external_select",
    ),
    ("feedback_buttons", "supported", "test_picks.py::test_feedback_buttons"),
    ("file_input", "partial", "Checked when drawn; no file can be chosen."),
    ("icon_button", "supported", "test_picks.py::test_icon_button"),
    ("image", "supported", _SOUND),
    ("multi_channels_select", "supported", _PICK),
    ("multi_conversations_select", "supported", _PICK),
    ("multi_external_select", "supported", _PICK),
    ("multi_static_select", "supported", _PICK),
    ("multi_users_select", "supported", _PICK),
    ("number_input", "supported", _CLIENT),
    ("overflow", "supported", _PICK),
    ("plain_text_input", "supported", _CLIENT),
    ("radio_buttons", "supported", _PICK),
    ("rich_text_input", "partial", "Takes any value as typed, unchecked."),
    ("static_select", "supported", _PICK),
    ("timepicker", "supported", _PICK),
    ("url_text_input", "supported", _CLIENT),
    ("users_select", "supported", _PICK),
    ("workflow_button", "partial", "Checked when drawn; starts no workflow."),
)

TRANSPORTS: tuple[Row, ...] = (
    ("Socket Mode", "supported", "test_stories.py::test_answers_to_a_command"),
    ("HTTP mode", "supported", "test_http_mode.py::test_command_is_a_signed_form"),
    ("response URLs", "supported", "test_response_urls.py::test_five_uses"),
    ("retries of events", "partial", "Three retries; no hourly delayed events."),
    ("rate limits by tier", "supported", "test_calls.py::test_strict_tiers"),
    ("OAuth installation", "absent", "One workspace, one token, installed."),
    ("Enterprise Grid", "absent", "`enterprise` is always null."),
)
EVERYTHING = METHODS + PAYLOADS + EVENTS + BLOCKS + ELEMENTS + TRANSPORTS
