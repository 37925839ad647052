"""views.*: triggers, stacks, hashes, external IDs, Home tabs."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.forms import modal, plain, text_input
from tests.sandbox.slack.serving import error_of, refusal_of

HOME = {
    "type": "home",
    "blocks": [{"type": "header", "text": plain("Tenants")}],
}
FORM = modal(text_input("name", "Name"))


def values(typed: str | None, block_id: str = "name") -> dict[str, Any]:
    """Return the state of the form's one text field."""
    entry = {"type": "plain_text_input", "value": typed}
    return {block_id: {block_id: entry}}


async def test_opened_view_is_complete(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The answer is the full view object, with empty state."""
    answer = await client.views_open(trigger_id=slack.triggers.make("U0ADA"), view=FORM)

    view = answer["view"]
    assert (view["team_id"], view["app_id"]) == ("T0CONTOSO", "A0GATEHOUSE")
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert view["state"]["values"] == values(None)
    assert [v.id for v in slack.views.stack("U0ADA")] == [view["id"]]


async def test_triggers_live_three_seconds_and_once(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Used, old and made-up triggers fail by different names."""
    trigger = slack.triggers.make("U0ADA")
    await client.views_open(trigger_id=trigger, view=FORM)
    again = client.views_open(trigger_id=trigger, view=FORM)
    assert await error_of(again) == "exchanged_trigger_id"

    late = slack.triggers.make("U0ADA")
    slack.clock.set_offset(3.5)
    assert await error_of(client.views_open(trigger_id=late, view=FORM)) == (
        "expired_trigger_id"
    )
    unknown = client.views_open(trigger_id="1.2.abc", view=FORM)
    assert await error_of(unknown) == "invalid_trigger_id"
    none = await refusal_of(client.api_call("views.open", json={"view": FORM}))
    assert "trigger_id" in none["response_metadata"]["messages"][0]


async def test_a_wrong_view_does_not_cost_the_trigger(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The view is checked first, with pointers, and the trigger still works."""
    trigger = slack.triggers.make("U0ADA")

    answer = await refusal_of(
        client.views_open(trigger_id=trigger, view=FORM | {"title": plain("x" * 25)})
    )

    assert answer["error"] == "invalid_arguments"
    assert (
        "[json-pointer:/view/title/text]" in answer["response_metadata"]["messages"][0]
    )
    await client.views_open(trigger_id=trigger, view=FORM)


async def test_stack_of_three(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Views are pushed from inside a modal, up to three."""
    opened = await client.views_open(trigger_id=slack.triggers.make("U0ADA"), view=FORM)
    ids = [opened["view"]["id"]]
    for _ in range(2):
        inside = slack.triggers.make("U0ADA", view_id=ids[-1])
        pushed = await client.views_push(trigger_id=inside, view=FORM)
        assert pushed["view"]["root_view_id"] == ids[0]
        assert pushed["view"]["previous_view_id"] == ids[-1]
        ids.append(pushed["view"]["id"])

    fourth = slack.triggers.make("U0ADA", view_id=ids[-1])
    push = client.views_push(trigger_id=fourth, view=FORM)
    assert await error_of(push) == "push_limit_reached"
    outside = client.views_push(trigger_id=slack.triggers.make("U0ADA"), view=FORM)
    assert await error_of(outside) == "not_found"
    assert [view.id for view in slack.views.stack("U0ADA")] == ids


async def test_update_keeps_what_stays(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Typed text survives where block and action stay; the hash changes."""
    opened = await client.views_open(trigger_id=slack.triggers.make("U0ADA"), view=FORM)
    [view] = slack.views.stack("U0ADA")
    view.values = values("Contoso")
    longer = modal(text_input("name", "Name"), text_input("more", "More"))

    updated = await client.views_update(
        view_id=view.id, hash=opened["view"]["hash"], view=longer
    )

    assert updated["view"]["state"]["values"] == values("Contoso") | values(
        None, "more"
    )
    stale = client.views_update(view_id=view.id, hash=opened["view"]["hash"], view=FORM)
    assert await error_of(stale) == "hash_conflict"
    renamed = modal(text_input("title", "Name"))
    again = await client.views_update(view_id=view.id, view=renamed)
    assert again["view"]["state"]["values"] == values(None, "title")


async def test_external_ids(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """A view can be found by the app's own ID, which must be unique."""
    named = FORM | {"external_id": "connect-1"}
    await client.views_open(trigger_id=slack.triggers.make("U0ADA"), view=named)

    updated = await client.views_update(external_id="connect-1", view=named)
    assert updated["view"]["external_id"] == "connect-1"
    twice = client.views_open(trigger_id=slack.triggers.make("U0LEE"), view=named)
    assert await error_of(twice) == "duplicate_external_id"


async def test_views_that_are_gone(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """A closed view cannot be updated; neither ID is a wrong call."""
    opened = await client.views_open(trigger_id=slack.triggers.make("U0ADA"), view=FORM)
    await slack.close_view("U0ADA", opened["view"]["id"])

    gone = client.views_update(view_id=opened["view"]["id"], view=FORM)
    assert await error_of(gone) == "not_found"
    neither = client.api_call("views.update", json={"view": FORM})
    assert await error_of(neither) == "invalid_arguments"


async def test_home_tab(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Publishing twice keeps the view's ID and changes its hash."""
    first = await client.views_publish(user_id="U0ADA", view=HOME)
    second = await client.views_publish(
        user_id="U0ADA", view=HOME, hash=first["view"]["hash"]
    )

    assert first["view"]["id"] == second["view"]["id"]
    assert first["view"]["hash"] != second["view"]["hash"]
    stale = client.views_publish(user_id="U0ADA", view=HOME, hash=first["view"]["hash"])
    assert await error_of(stale) == "hash_conflict"
    nobody = client.views_publish(user_id="U0NOBODY", view=HOME)
    assert await error_of(nobody) == "invalid_arguments"
    wrong = client.views_publish(user_id="U0ADA", view=FORM)
    assert await error_of(wrong) == "invalid_arguments"
    home = slack.views.home("U0ADA")
    assert home is not None
    assert home.id == first["view"]["id"]


async def test_presets_are_the_first_state(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """An input with an initial value starts with it."""
    preset = modal(text_input("name", "Name", initial_value="Contoso"))

    opened = await client.views_open(
        trigger_id=slack.triggers.make("U0ADA"), view=preset
    )

    assert opened["view"]["state"]["values"] == values("Contoso")
