"""Jobs that copy people into other apps, by the service principal of the app."""

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import everything
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import in_collection
from sandbox.graph.routing import Route
from sandbox.graph.schema_activity import SYNCHRONIZATION_JOB


def list_jobs(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/synchronization/jobs: no pages, often empty."""
    principal = in_collection(request, request.tenant.service_principals, "object_id")
    jobs = request.tenant.provisioning_jobs.get(principal["id"], [])
    context = f"servicePrincipals('{principal['id']}')/synchronization/jobs"
    return everything(request, SYNCHRONIZATION_JOB, jobs, context)


ROUTES = (
    Route(
        "GET",
        "/servicePrincipals/{object_id}/synchronization/jobs",
        list_jobs,
        access.READ_JOBS,
    ),
)
