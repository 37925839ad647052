"""`python -m sandbox.bulk`: a large generated directory, until a signal stops it."""

import argparse
import asyncio
import json
import signal
import sys

from sandbox.bulk.permissions import DIRECTORY, READING
from sandbox.bulk.server import USUAL_LATENCY, BulkServer
from sandbox.bulk.shape import Shape
from sandbox.graph.errors import GraphError
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, BOT_SECRET_VALUE


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.bulk",
        description="Microsoft Graph of a large generated directory, on loopback. "
        "Prints one JSON line when it listens; a line of JSON on its input acts: "
        '{"churn": 0.01}, {"meter": "clear"}, {"warm": "/users?$select=id"}.',
    )
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument(
        "--logs", type=int, default=1_000, help="entries of each of the three logs"
    )
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument(
        "--latency-ms", type=float, default=USUAL_LATENCY * 1000, help="of each request"
    )
    parser.add_argument(
        "--no-throttling", action="store_true", help="count no resource units"
    )
    parser.add_argument(
        "--directory-only",
        action="store_true",
        help="consent to nothing that Graph lets be read slowly: jobs, reports, logs",
    )
    parser.add_argument(
        "--warm",
        action="append",
        default=[],
        metavar="TARGET",
        help="encode a collection before listening, e.g. '/users?$select=id,mail'",
    )
    return parser.parse_args()


def _ready(server: BulkServer) -> str:
    return json.dumps(
        {
            "ready": True,
            "entra": server.url,
            "ca": str(server.ca_file),
            "tenant": server.entra.tenant.id,
            "client": BOT_CLIENT_ID,
            "secret": BOT_SECRET_VALUE,
            "token": server.access_token(),
        }
    )


def _acted(server: BulkServer, line: str) -> dict[str, object]:
    """Do what a line of input says, and return what to print.

    Raises:
        ValueError: the line is no JSON object.
        KeyError, TypeError, GraphError: it asks for what is not there.
    """
    asked = json.loads(line)
    if not isinstance(asked, dict):
        raise ValueError("That is no JSON object")
    if "churn" in asked:
        return {"churn": dict(server.directory.churn(float(asked["churn"])).done)}
    if "warm" in asked:
        server.directory.warm(asked["warm"])
        return {"warm": asked["warm"]}
    if asked.get("meter") == "clear":
        server.meter.clear()
    return {"meter": server.meter.told()}


async def _obey(server: BulkServer) -> None:
    """Carry out lines of standard input until it ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        try:
            told = _acted(server, line.decode())
        except (ValueError, KeyError, TypeError, GraphError) as error:
            told = {"error": f"{error}. Send JSON such as " + '{"churn": 0.01}.'}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


async def _run(arguments: argparse.Namespace) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = BulkServer(
        Shape.of(arguments.users, logs=arguments.logs),
        latency=arguments.latency_ms / 1000,
        throttled=not arguments.no_throttling,
        port=arguments.port,
        permissions=DIRECTORY if arguments.directory_only else READING,
    )
    for target in arguments.warm:
        server.directory.warm(target)
    async with server:
        sys.stdout.write(_ready(server) + "\n")
        sys.stdout.flush()
        obeying = asyncio.create_task(_obey(server))
        await stop.wait()
        obeying.cancel()


def main() -> int:
    """Run the server; exit status 1 with one line where the port is taken."""
    try:
        asyncio.run(_run(_arguments()))
    except OSError as error:
        sys.stderr.write(f"The directory cannot be served: {error}.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
