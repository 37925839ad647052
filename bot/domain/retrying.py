"""Whether the failed steps of an offboarding may run again under its old approval."""

from datetime import datetime

from bot.domain.errors import BotError
from bot.domain.offboarding import DecisionRefusedError, OffboardingRequest, is_leaver
from bot.domain.people import SlackPerson
from bot.domain.tenants import Tenant


class ApprovalTooOldError(BotError):
    """An approval does not last: the leaver may have been hired again since."""

    code = "approval_too_old"

    def __init__(self) -> None:
        super().__init__(
            "The approval of this request is too old to run its failed steps again; "
            "nothing was changed.",
            remedy="Ask again with /offboard: the plan is read anew and decided anew.",
        )


def check_may_retry(
    request: OffboardingRequest, tenant: Tenant, person: SlackPerson, *, at: datetime
) -> None:
    """Refuse a retry by anybody but the requester and the approvers, or too late.

    The approval still holds, so its requester may ask for what is left of it; the
    leaver may not, in neither part. It holds after the run's end for as long as the
    request could have waited for its decision.

    Raises:
        DecisionRefusedError: they may not.
        ApprovalTooOldError: nobody may any more.
    """
    may = person.id == request.requester or person.id in tenant.approvers
    is_member = person.belongs_to(request.workspace_id)
    if not (may and is_member) or is_leaver(request, person):
        raise DecisionRefusedError(
            "Only the requester and the approvers can retry failed steps.",
            remedy=f"Ask <@{request.requester}>.",
        )
    valid_for = request.expires_at - request.asked_at
    if request.finished_at is not None and at > request.finished_at + valid_for:
        raise ApprovalTooOldError
