"""Usage reports: the way to a file that lies elsewhere and wants no token."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from sandbox.graph.errors import malformed
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.limits import usage_limit
from sandbox.graph.query import refuse_options
from sandbox.graph.resources import access
from sandbox.graph.routing import Handler, Route
from sandbox.graph.tenant import Tenant
from sandbox.graph.usage import PERIODS, REPORTS, UsageReport, Use, concealed, pieces

_NATIONAL = frozenset({"gcchigh", "dod", "china"})
_LATE = timedelta(days=2)  # how far a report lags behind

Uses = Callable[[], Iterator[Use]]


def _uses(tenant: Tenant) -> Iterator[Use]:
    """Yield what everybody did of whom something is known."""
    products = {sku["skuId"]: sku["skuPartNumber"] for sku in tenant.skus}
    for user_id, use in tenant.usage.items():
        user = tenant.users.get(user_id) or tenant.deleted_users.get(user_id)
        if user is None:
            continue
        held = [products[licence["skuId"]] for licence in user["assignedLicenses"]]
        yield {
            "id": user_id,
            "principal_name": user["userPrincipalName"],
            "name": user["displayName"],
            "deleted": user_id not in tenant.users,
            "products": held,
            **use,
        }


def redirected(request: GraphRequest, report: UsageReport, uses: Uses) -> Reply:
    """Answer with the address of a file of what `uses` yields.

    Raises:
        GraphError: 400 for a period or an option that reports do not take.
    """
    refuse_options(request, allowed={"$format"})
    period = request.keys["period"].upper()
    if period not in PERIODS:
        raise malformed(f"Invalid period '{period}'. Use one of {', '.join(PERIODS)}.")
    if request.options.get("$format", "text/csv") != "text/csv":
        raise malformed("Only text/csv is served here.")
    hidden = request.faults.is_on("conceal_names")
    refreshed = (request.now - _LATE).date()

    def file() -> Iterator[bytes]:
        found = map(concealed, uses()) if hidden else uses()
        return pieces(report, found, period, refreshed)

    location = _bent(request, request.downloads.offer(file, request.now))
    return Reply(302, headers={"Location": location, "Content-Type": "text/plain"})


def _bent(request: GraphRequest, location: str) -> str:
    """Return the address, or where the fault `report_redirect` sends callers."""
    fault = request.faults.strike("report_redirect", "GET", request.path)
    if fault is None:
        return location
    if fault.params["to"] == "graph":
        return f"{request.root}/organization"
    return location.replace("https://", "http://", 1)


def _handler(report: UsageReport) -> Handler:
    def answer(request: GraphRequest) -> Reply:
        return redirected(request, report, partial(_uses, request.tenant))

    return answer


ROUTES = tuple(
    Route(
        "GET",
        f"/reports/{report.function}(period='{{period}}')",
        _handler(report),
        access.READ_USAGE,
        limit=usage_limit(report.function),
        absent_from=_NATIONAL,
    )
    for report in REPORTS
)
