"""`python -m sandbox`: the simulators and the page, until a signal stops them."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from sandbox.bulk import Shape
from sandbox.runner import BULK, SEEDS, Sandbox, serve
from sandbox.seeds.slack import MANIFEST


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Simulators of Slack and Microsoft Entra ID on loopback.",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        help="page, Slack and control APIs; 0: a free one",
    )
    parser.add_argument(
        "--entra-port", type=int, default=0, help="sign-in and Graph; 0: a free one"
    )
    parser.add_argument(
        "--page-host", default="127.0.0.1", help="where the page listens"
    )
    parser.add_argument(
        "--manifest", type=Path, default=MANIFEST, help="the app's manifest.yml"
    )
    parser.add_argument("--seed", choices=sorted((*SEEDS, BULK)), default="demo")
    _add_bulk(parser)
    parser.add_argument(
        "--ready-file",
        type=Path,
        help="written with the ready line, removed at the end",
    )
    parser.add_argument(
        "--graph-log", type=Path, help="append every Graph request as a JSON line"
    )
    parser.add_argument(
        "--mode", choices=("socket", "http"), default="socket", help="how events travel"
    )
    parser.add_argument("--http-url", default="", help="the bot's URL, for --mode http")
    arguments = parser.parse_args()
    if arguments.mode == "http" and not arguments.http_url:
        parser.error("--mode http needs --http-url, where the bot listens")
    return arguments


def _add_bulk(parser: argparse.ArgumentParser) -> None:
    """Add what shapes the large directory."""
    parser.add_argument(
        "--users", type=int, default=100_000, help="how many users, for --seed bulk"
    )
    parser.add_argument(
        "--logs", type=int, default=1_000, help="entries of a log, for --seed bulk"
    )
    parser.add_argument(
        "--latency-ms", type=float, default=80, help="of Graph, for --seed bulk"
    )


async def _run(arguments: argparse.Namespace) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    bulk = {
        "shape": Shape.of(arguments.users, logs=arguments.logs),
        "latency": arguments.latency_ms / 1000,
    }
    sandbox = Sandbox(
        port=arguments.port,
        entra_port=arguments.entra_port,
        page_host=arguments.page_host,
        seed=arguments.seed,
        manifest=arguments.manifest,
        graph_log=arguments.graph_log,
        entra_options=bulk if arguments.seed == BULK else None,
        slack_options={"mode": arguments.mode, "http_url": arguments.http_url},
    )
    await serve(sandbox, stop, arguments.ready_file)


def main() -> int:
    """Run the sandbox; exit status 1 with one line where a port is taken."""
    try:
        asyncio.run(_run(_arguments()))
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot start: {error}. Choose another port.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
