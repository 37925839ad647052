"""One page of a generated log as JSON."""

import json
from typing import Any

from sandbox.bulk.logs import GeneratedLog
from sandbox.bulk.query import Asked, next_link, page_size
from sandbox.graph.errors import bad_request
from sandbox.graph.projection import selected

Json = dict[str, Any]

_KNOWN = frozenset({"$select", "$filter", "$top", "$skiptoken", "$orderby"})


def answer_log(log: GeneratedLog, asked: Asked) -> bytes:
    """Return one page of a log as JSON, newest first.

    Raises:
        GraphError: 400 for options that are refused or that nothing here knows.
    """
    for name in asked.options:
        if name.startswith("$") and name not in _KNOWN:
            raise bad_request(f"The query option '{name}' is not supported here.")
    if asked.options.get("$orderby", f"{log.log.time} desc") != f"{log.log.time} desc":
        raise bad_request("Only the newest first are served here.")
    names = selected(asked.options, log.log.entity)
    places = log.window(asked.options.get("$filter"))
    if token := asked.options.get("$skiptoken"):
        places = log.after(places, token)
    size = page_size(asked)
    shown = places[max(0, len(places) - size) :][::-1]
    body: Json = {"@odata.context": f"{asked.root}/$metadata#{asked.path}"}
    if len(places) > size:
        body["@odata.nextLink"] = next_link(asked, log.token(shown[-1]))
    entries = map(log.entry, shown)
    body["value"] = [{name: entry.get(name) for name in names} for entry in entries]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
