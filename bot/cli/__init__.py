"""The `gatehouse` command: one module a subject, errors in one clear line."""

from bot.cli.main import main

__all__ = ["main"]
