"""Reading the offboarding form: first its shape, then what it means."""

from datetime import UTC, datetime, timedelta

from bot.domain.asking import OffboardForm
from bot.domain.errors import InputError
from bot.domain.ids import ConnectionId, ObjectId, SlackUserId
from bot.domain.plans import Action
from bot.views.offboarding_form import OffboardingField, When
from handlers.doors import requester_in
from handlers.leavers import Meant, in_tenant
from handlers.listening import Turn
from handlers.payloads import Submission, read_key

_FURTHEST = timedelta(days=366)


def form_errors(submission: Submission) -> dict[str, str]:
    """What is wrong, by the block under which it is said. Pure and quick."""
    errors = {}
    if not submission.choices(OffboardingField.ACTIONS):
        errors[str(OffboardingField.ACTIONS)] = "Tick at least one action."
    if reason := _time_error(submission):
        errors[str(OffboardingField.RUN_AT)] = reason
    if not submission.choice(OffboardingField.TENANT):
        errors[str(OffboardingField.TENANT)] = "Choose a tenant."
    elif not submission.choice(_leaver_block(submission)):
        # The leaver's block is missing until a tenant is chosen.
        errors[str(OffboardingField.TENANT)] = (
            "Choose a tenant, then the leaver in the field that appears."
        )
    return errors


async def read_form(submission: Submission, turn: Turn) -> OffboardForm:
    """The form as a value, after checking that this person may ask in the tenant.

    Raises:
        NotAllowedError, NotFoundError: they may not, or the tenant is gone.
    """
    tenant = ConnectionId(read_key(submission.choice(OffboardingField.TENANT)))
    requester = await requester_in(turn, tenant, submission.user)
    leaver = ObjectId(read_key(submission.choice(_leaver_block(submission))))
    return OffboardForm(
        workspace_id=turn.access.workspace_id,
        connection_id=tenant,
        requester=requester.id,
        leaver=leaver,
        actions=tuple(
            Action(each) for each in submission.choices(OffboardingField.ACTIONS)
        ),
        run_at=_run_at(submission),
        reason=submission.text(OffboardingField.REASON).strip(),
        ticket=submission.text(OffboardingField.TICKET).strip(),
        leaver_slack_id=await _slack_account(submission, turn, tenant, leaver),
    )


def connection_of(block_id: str) -> ConnectionId:
    """The tenant in whose "Leaver" field somebody types."""
    prefix = f"{OffboardingField.LEAVER}:"
    return ConnectionId(read_key(block_id.removeprefix(prefix)))


async def _slack_account(
    submission: Submission, turn: Turn, tenant: ConnectionId, leaver: ObjectId
) -> SlackUserId | None:
    """The Slack person named at the start, unless another's account was chosen."""
    person = submission.private_metadata
    if not person:
        return None
    named = SlackUserId(person)
    match = await in_tenant(turn, tenant, Meant(person=named))
    if match is None or match.user is None or match.user.id == leaver:
        return named
    return None


def _leaver_block(submission: Submission) -> str:
    tenant = submission.choice(OffboardingField.TENANT)
    return f"{OffboardingField.LEAVER}:{tenant}"


def _run_at(submission: Submission) -> datetime | None:
    if submission.choice(OffboardingField.WHEN) != When.LATER:
        return None
    chosen = submission.unix_time(OffboardingField.RUN_AT)
    if chosen is None:
        raise InputError(
            OffboardingField.RUN_AT, "No date was chosen.", remedy="Choose one."
        )
    return datetime.fromtimestamp(chosen, UTC)


def _time_error(submission: Submission) -> str:
    is_later = submission.choice(OffboardingField.WHEN) == When.LATER
    chosen = submission.unix_time(OffboardingField.RUN_AT)
    if not is_later:
        wrong = f"Choose “{When.LATER.label}” above, or clear this date."
        return wrong if chosen is not None else ""
    if chosen is None:
        return "Choose the date and time."
    at, now = datetime.fromtimestamp(chosen, UTC), datetime.now(UTC)
    if at <= now:
        return "This time has passed. Choose a later one, or “Now”."
    return "Choose a time within the next year." if at - now > _FURTHEST else ""
