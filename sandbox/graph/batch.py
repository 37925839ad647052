"""$batch: up to twenty requests in one, each with its own answer."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.graph.errors import malformed
from sandbox.graph.exchange import Reply
from sandbox.graph.tenant import Json

MAX_REQUESTS = 20

Send = Callable[[str, str, Mapping[str, str], Any], Reply]


def run_batch(body: Any, send: Send) -> Reply:
    """Answer a batch: always 200, with a status for each request inside.

    Raises:
        GraphError: 400 where the batch itself is malformed: no list, more than twenty
            requests, ids missing or repeated, a dependency on an unknown id.
    """
    items = checked(body)
    answers: dict[str, Json] = {}
    for item in items:
        failed = any(answers[d]["status"] >= 400 for d in item.get("dependsOn") or ())
        answers[item["id"]] = _failed_dependency(item) if failed else _sent(item, send)
    return Reply(body={"responses": list(answers.values())})


def checked(body: Any) -> list[Json]:
    """Return the requests of a batch.

    Raises:
        GraphError: 400 where the batch itself is malformed.
    """
    items = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise malformed("Invalid batch payload format.")
    if len(items) > MAX_REQUESTS:
        raise malformed(
            f"A batch holds at most {MAX_REQUESTS} requests, this one {len(items)}."
        )
    seen: set[str] = set()
    for item in items:
        _check_item(item, seen)
        seen.add(item["id"])
    return items


def _check_item(item: Any, seen: set[str]) -> None:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise malformed("Every request of a batch needs an id, a string.")
    if item["id"] in seen:
        raise malformed(f"The request id '{item['id']}' is not unique in the batch.")
    if not str(item.get("url", "")).startswith("/") or "method" not in item:
        raise malformed("Every request of a batch needs a method and a relative url.")
    for dependency in item.get("dependsOn") or ():
        if dependency not in seen:
            raise malformed(f"dependsOn names '{dependency}', which does not precede.")
    headers = {name.lower() for name in item.get("headers") or {}}
    if item.get("body") is not None and "content-type" not in headers:
        raise malformed("A request with a body needs a Content-Type header.")


def _sent(item: Json, send: Send) -> Json:
    headers = item.get("headers") or {}
    reply = send(item["method"].upper(), item["url"], headers, item.get("body"))
    answer: Json = {"id": item["id"], "status": reply.status}
    answer["headers"] = {"Content-Type": "application/json", **reply.headers}
    answer["body"] = reply.text if reply.body is None else reply.body
    return answer


def _failed_dependency(item: Json) -> Json:
    error = {"code": "FailedDependency", "message": "A request it depends on failed."}
    return {"id": item["id"], "status": 424, "headers": {}, "body": {"error": error}}
