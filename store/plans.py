"""Plans as stored text: canonical JSON that reads back as the same plan."""

from pydantic import TypeAdapter, ValidationError

from bot.domain.errors import BotError
from bot.domain.plans import Plan
from store.types import canonical_json

_PLAN = TypeAdapter(Plan)


class PlanTamperedError(BotError):
    """A stored plan is not the one that was shown and hashed."""

    code = "plan_tampered"

    def __init__(self) -> None:
        super().__init__(
            "The stored plan of this request was changed after it was shown.",
            remedy="Do not run it. Find out who wrote to the database, run "
            "`gatehouse audit verify`, and ask again with /offboard.",
        )


def write_plan(plan: Plan) -> str:
    """A plan as canonical JSON."""
    return canonical_json(_PLAN.dump_python(plan, mode="json"))


def read_plan(text: str, *, digest: str) -> Plan:
    """Read a plan back, if it still is what the digest says.

    Raises:
        PlanTamperedError: it is another, or no plan at all.
    """
    try:
        plan = _PLAN.validate_json(text)
    except ValidationError as error:
        raise PlanTamperedError from error
    if plan.digest != digest:
        raise PlanTamperedError
    return plan
