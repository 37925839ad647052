"""Whether a caller may ask for a part of the generated directory."""

from sandbox.bulk.targets import RELATIONS, Target
from sandbox.graph.errors import bad_request
from sandbox.graph.exchange import GraphRequest
from sandbox.graph.licences import require_plan
from sandbox.graph.resources.users import check_sign_in_activity


def check_access(request: GraphRequest, target: Target) -> None:
    """Refuse what the token does not carry, or the tenant has not bought.

    Raises:
        GraphError: 403 for a permission; 400 or 403 for a plan; 400 for an expansion
            that the fault `refuse_expand` refuses.
    """
    relation = target.relation or ""
    expanded = request.options.get("$expand", "").partition("(")[0]
    request.require(*(RELATIONS.get(relation) or target.source.needs))
    if wanted := RELATIONS.get(expanded.lower()):
        request.require(*wanted)
    if target.source.plan is not None:
        require_plan(request, target.source.plan)
    if target.source.segment == "users":
        check_sign_in_activity(request)
    refused = request.faults.params("refuse_expand")["relation"]
    if expanded and request.faults.is_on("refuse_expand") and expanded == refused:
        raise bad_request(f"Expanding '{expanded}' is not supported here.")
