"""The form with which somebody asks for an offboarding."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import ConnectionId, ObjectId, SlackUserId
from bot.domain.plans import Action
from bot.domain.tenants import Tenant
from bot.views.text import (
    Block,
    View,
    channel,
    field,
    foreign,
    modal,
    option,
    person,
    plain,
    section,
    sentences,
)

REASON_MAX = 1000
TICKET_MAX = 80


class OffboardingAction(StrEnum):
    """Action and callback IDs of these modals that somebody listens to."""

    OPEN = "offboard.open"  # button on the Home tab
    TENANT = "offboard.tenant"
    LEAVER = "offboard.leaver"  # asks for options
    FORM = "offboard.form"
    PLAN = "offboard.plan"
    ALL_STEPS = "offboard.all_steps"


class OffboardingInput(StrEnum):
    """Action IDs of inputs that are read when the form is submitted."""

    WHEN = "offboard.when"
    RUN_AT = "offboard.run_at"
    ACTIONS = "offboard.actions"
    REASON = "offboard.reason"
    TICKET = "offboard.ticket"


SHOWN = "offboard.shown"  # callback ID of views that are only read


class OffboardingField(StrEnum):
    """Block IDs of the form's inputs; errors show under them.

    The leaver's block ends in the tenant's ID: in another tenant it is another field,
    so a choice made for one can never be submitted for the other.
    """

    TENANT = "tenant"
    LEAVER = "leaver"
    WHEN = "when"
    RUN_AT = "run_at"
    ACTIONS = "actions"
    REASON = "reason"
    TICKET = "ticket"


class When(StrEnum):
    """The two answers to "When"."""

    NOW = "now"
    LATER = "later"

    @property
    def label(self) -> str:
        """The words beside the radio button."""
        return {When.NOW: "Now", When.LATER: "At a date and time"}[self]


@dataclass(frozen=True)
class FoundUser:
    """An Entra user as a choice for "Leaver"."""

    id: ObjectId
    display_name: str
    user_principal_name: str
    job_title: str = ""


@dataclass(frozen=True)
class Match:
    """The Entra account that was looked for by a Slack person's or a typed address.

    Attributes:
        user: None where no account has that address.
        slack_id: the Slack person that was meant, None where an address was typed.
        problem: why it could not be looked up; "" where it could.
    """

    address: str | None
    user: FoundUser | None = None
    slack_id: SlackUserId | None = None
    problem: str = ""


def loading_view() -> View:
    """What stands until the form can be drawn."""
    blocks = [section(":hourglass_flowing_sand: One moment…")]
    return modal("Offboard someone", blocks, callback_id=SHOWN)


def nobody_view(tenants: Sequence[Tenant], administrators: str) -> View:
    """For somebody who may not ask for an offboarding anywhere.

    Args:
        administrators: words for whom to ask, with mentions.
    """
    if tenants:
        names = ", ".join(
            f"{foreign(each.name, 60)} ({channel(each.approvals_channel)})"
            for each in tenants[:10]
        )
        text = (
            "You may ask for an offboarding where you are in the tenant's approvals "
            f"channel, and you are in none of them: {names}."
        )
        remedy = f"Ask {administrators} to invite you to one."
    else:
        text = "No tenant is connected yet."
        remedy = f"Ask {administrators} to connect one with `/entra connect`."
    blocks = [section(f":warning: {text}\n*Next:* {remedy}")]
    return modal("Offboard someone", blocks, callback_id=SHOWN)


def form_view(
    tenants: Sequence[Tenant],
    chosen: ConnectionId | None,
    match: Match | None = None,
    *,
    metadata: str = "",
) -> View:
    """The form.

    Args:
        tenants: those in whose approvals channel the requester is; at least one.
        chosen: the tenant that is selected; None shows no "Leaver" until one is.
        match: what was found for the person or address that the form is about.
    """
    blocks = [_tenant_field(tenants, chosen)]
    if match is not None and chosen is not None:
        blocks.append(section(match_text(match)))
    if chosen is not None:
        blocks.append(_leaver_field(chosen, match))
    return modal(
        "Offboard someone",
        [*blocks, *_when_fields(), _actions_field(), *_reason_fields()],
        callback_id=OffboardingAction.FORM,
        submit="Review",
        close="Cancel",
        private_metadata=metadata,
    )


def match_text(match: Match) -> str:
    """Whom the form is about, and which account was found, said plainly."""
    who = person(match.slack_id) if match.slack_id else foreign(match.address or "")
    if match.problem:
        problem = sentences(match.problem)
        return f":warning: {who}: {problem} Choose the leaver below."
    if match.address is None:
        return (
            f":warning: Slack shows no e-mail address for {who}, so no account could "
            "be looked for. Choose the leaver below."
        )
    if match.user is None:
        return (
            f":warning: There is no Entra account with the address "
            f"{foreign(match.address)} in this tenant. Choose the leaver below."
        )
    found = match.user
    return (
        f":bust_in_silhouette: {who} is *{foreign(found.display_name)}* "
        f"({foreign(found.user_principal_name)}) by e-mail address. "
        "Check that this is the right person."
    )


def leaver_option(user: FoundUser) -> dict[str, object]:
    """A user in the type-ahead: name and address, job title beneath."""
    label = f"{user.display_name} ({user.user_principal_name})"
    return option(label, str(user.id), user.job_title)


def _tenant_field(tenants: Sequence[Tenant], chosen: ConnectionId | None) -> Block:
    options = {each.id: option(each.name, str(each.id)) for each in tenants[:100]}
    element: dict[str, object] = {
        "type": "static_select",
        "action_id": OffboardingAction.TENANT,
        "options": list(options.values()),
        "placeholder": plain("Choose a tenant", 150),
    }
    if chosen in options:
        element["initial_option"] = options[chosen]
    return field(OffboardingField.TENANT, "Tenant", element, dispatch=True)


def _leaver_field(chosen: ConnectionId, match: Match | None) -> Block:
    element: dict[str, object] = {
        "type": "external_select",
        "action_id": OffboardingAction.LEAVER,
        "min_query_length": 2,
        "placeholder": plain("Type a name or an address", 150),
    }
    if match is not None and match.user is not None:
        element["initial_option"] = leaver_option(match.user)
    return field(f"{OffboardingField.LEAVER}:{chosen}", "Leaver", element)


def _when_fields() -> list[Block]:
    options = [option(each.label, each) for each in When]
    choice = {
        "type": "radio_buttons",
        "action_id": OffboardingInput.WHEN,
        "options": options,
        "initial_option": options[0],
    }
    picker = {"type": "datetimepicker", "action_id": OffboardingInput.RUN_AT}
    return [
        field(OffboardingField.WHEN, "When", choice),
        field(
            OffboardingField.RUN_AT,
            "Date and time",
            picker,
            hint=f"Only with “{When.LATER.label}”, in your time zone. Nothing runs "
            "before it is approved.",
            optional=True,
        ),
    ]


_EXPLAINED = {
    Action.DISABLE_ACCOUNT: "Nobody can sign in with it any more",
    Action.REVOKE_SESSIONS: "Signs out everywhere; may take up to an hour",
    Action.REMOVE_GROUPS: "Each group is named in the plan",
    Action.REMOVE_METHODS: "Phones, keys and apps; cannot be undone",
}


def _actions_field() -> Block:
    options = [option(each.label, each, _EXPLAINED[each]) for each in Action]
    element = {
        "type": "checkboxes",
        "action_id": OffboardingInput.ACTIONS,
        "options": options,
        "initial_options": options,
    }
    return field(OffboardingField.ACTIONS, "Actions", element)


def _reason_fields() -> list[Block]:
    reason = {
        "type": "plain_text_input",
        "action_id": OffboardingInput.REASON,
        "multiline": True,
        "max_length": REASON_MAX,
    }
    ticket = {
        "type": "plain_text_input",
        "action_id": OffboardingInput.TICKET,
        "max_length": TICKET_MAX,
    }
    return [
        field(
            OffboardingField.REASON,
            "Reason",
            reason,
            hint="The approvers read it, and it is kept as evidence.",
            optional=True,
        ),
        field(OffboardingField.TICKET, "Ticket", ticket, optional=True),
    ]
