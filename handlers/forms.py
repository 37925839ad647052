"""What the modals about tenants have in common: reading, checking, showing again."""

from bot.domain.errors import BotError, InputError
from bot.domain.ids import SlackUserId
from bot.domain.tenants import (
    AppCredential,
    Field,
    SignInKind,
    TenantSettings,
    check_name,
    read_secret,
    secret_looks_current,
)
from bot.graph.certificates import read_certificate
from bot.views.connect import Trouble
from bot.views.errors import error_text
from bot.views.text import Drawing, View, one_line, section
from handlers.access import Access
from handlers.listening import AckBody, Turn
from handlers.open_views import update_if_open
from handlers.payloads import Click, Submission


def typed_in(click: Click) -> Submission:
    """What stands in the fields of the modal in which something was clicked."""
    return Submission(
        user=click.user,
        workspace_id=click.workspace_id,
        view_id=str(click.view["id"]),
        view_hash=str(click.view.get("hash", "")),
        private_metadata=str(click.view.get("private_metadata", "")),
        trigger_id=click.trigger_id,
        values=click.view.get("state", {}).get("values", {}),
    )


def read_name(submission: Submission, block_id: str = Field.NAME) -> str:
    """The name as typed, on one line.

    Raises:
        InputError: nothing but white space, or a secret in the wrong field.
    """
    name = one_line(submission.text(block_id))
    check_name(name)
    return name


def read_sign_in(submission: Submission) -> SignInKind:
    """Which sort of credential was chosen."""
    chosen = submission.choice(Field.SIGN_IN)
    return SignInKind(chosen) if chosen else SignInKind.SECRET


def read_credential(submission: Submission) -> AppCredential:
    """The secret or certificate as pasted.

    Raises:
        InputError: it has not the shape of one, or the form was still changing when
            it was sent.
    """
    kind = read_sign_in(submission)
    field = Field.SECRET if kind is SignInKind.SECRET else Field.CERTIFICATE
    if field not in submission.values:
        raise InputError(
            Field.SIGN_IN,
            "The form was still changing.",
            remedy="Fill in the field below, then press the button again.",
        )
    typed = submission.text(field)
    if kind is SignInKind.SECRET:
        return read_secret(typed)
    read_certificate(typed)
    return AppCredential(kind, typed.strip())


def errors_under_fields(errors: dict[str, BotError]) -> AckBody:
    """Answer a submission with words under its fields, by block ID."""
    return {
        "response_action": "errors",
        "errors": {
            block: f"{error.message} {error.remedy}" for block, error in errors.items()
        },
    }


async def check_settings(access: Access, settings: TenantSettings) -> None:
    """Ask Slack about the channels and people that were chosen.

    Raises:
        InputError: the bot cannot post to a channel, or somebody cannot approve.
        SlackUnavailableError: Slack gave no answer.
    """
    channels = {
        Field.ALERTS_CHANNEL: settings.alerts_channel,
        Field.APPROVALS_CHANNEL: settings.approvals_channel,
    }
    for field, channel in channels.items():
        await access.directory.check_can_post(channel, field=field)
    await _check_approvers(access, settings.approvers)


def trouble_of(error: BotError, credential: AppCredential | None = None) -> Trouble:
    """Say which field an error is about, and what may help beside its remedy."""
    field = getattr(error, "field", None)
    doubtful = (
        field == Field.SECRET
        and credential is not None
        and not secret_looks_current(credential.value)
    )
    hint = (
        "What was pasted does not have the shape of today's secret values (40 "
        "characters, with `Q~` after the fourth): check that it was copied whole."
        if doubtful
        else ""
    )
    return Trouble(error, None if field is None else str(field), hint)


async def show(turn: Turn, view_id: str, view: View, told: Drawing) -> None:
    """Redraw a modal; if it was closed meanwhile, tell its person alone."""
    if not await update_if_open(turn, view_id, view):
        await turn.tell(told.text, told.blocks)


def words(text: str) -> Drawing:
    """A message of one paragraph."""
    return Drawing(text, [section(text)])


def error_words(error: BotError) -> Drawing:
    """An error as a message."""
    return words(error_text(error))


async def _check_approvers(access: Access, approvers: tuple[SlackUserId, ...]) -> None:
    if not approvers:
        raise InputError(
            Field.APPROVERS,
            "Nobody is chosen.",
            remedy="Choose at least one person, better two.",
        )
    for user in approvers:
        person = await access.directory.person(user)
        if not person.belongs_to(access.workspace_id):
            raise InputError(
                Field.APPROVERS,
                f"<@{user}> cannot approve: guests, bots, deactivated people and "
                "people of other workspaces decide nothing.",
                remedy="Choose full members of this workspace.",
            )
