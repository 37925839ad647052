"""The logs: changes in the directory, sign-ins, what provisioning did. Newest first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.graph.entity import EntityType
from sandbox.graph.errors import bad_request
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.licences import Plan
from sandbox.graph.limits import REPORTING
from sandbox.graph.query import PageSizes, many
from sandbox.graph.resources import access
from sandbox.graph.routing import Handler, Route
from sandbox.graph.schema_activity import DIRECTORY_AUDIT, PROVISIONING_ENTRY, SIGN_IN
from sandbox.graph.tenant import Json, Tenant

LOG_PAGES = PageSizes(usual=1000, most=1000)


@dataclass(frozen=True)
class Log:
    """One of the logs: where it is, when its entries happened, who may read it.

    `comparisons` are those that its filter knows of that time.
    """

    segment: str
    entity: EntityType
    time: str
    entries: Callable[[Tenant], list[Json]]
    needs: tuple[str, ...]
    comparisons: tuple[str, ...] = ("eq", "ge", "le")
    plan: Plan | None = None


LOGS = (
    Log(
        "directoryAudits",
        DIRECTORY_AUDIT,
        "activityDateTime",
        lambda tenant: tenant.audits,
        access.READ_AUDITS,
    ),
    Log(
        "signIns",
        SIGN_IN,
        "createdDateTime",
        lambda tenant: tenant.sign_ins,
        access.READ_SIGN_INS,
        plan=Plan.P1,
    ),
    Log(
        "provisioning",
        PROVISIONING_ENTRY,
        "activityDateTime",
        lambda tenant: tenant.provisioning_log,
        access.READ_PROVISIONING_LOG,
        comparisons=("eq", "gt", "lt"),
        plan=Plan.P1,
    ),
)


def check_comparisons(log: Log, text: str) -> None:
    """Refuse a filter that compares times as this log does not.

    Raises:
        GraphError: 400.
    """
    for match in re.finditer(rf"{log.time}\s+(\w+)", text):
        if match[1].lower() not in log.comparisons:
            raise bad_request(
                f"The operator '{match[1]}' is not supported for '{log.time}' here."
            )


def _handler(log: Log) -> Handler:
    def answer(request: GraphRequest) -> Reply:
        check_comparisons(log, request.options.get("$filter", ""))
        entries = log.entries(request.tenant)
        newest = sorted(entries, key=lambda entry: str(entry[log.time]), reverse=True)
        context = f"auditLogs/{log.segment}"
        return many(request, log.entity, newest, context, sizes=LOG_PAGES)

    return answer


ROUTES = tuple(
    Route(
        "GET",
        f"/auditLogs/{log.segment}",
        _handler(log),
        log.needs,
        plan=log.plan,
        limit=REPORTING,
    )
    for log in LOGS
)
