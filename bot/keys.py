"""Where the encryption keys come from: the settings, else a file only we may read."""

import os
from pathlib import Path

from bot.domain.errors import BotError
from store.keyring import KeyRing

KEY_FILE = "encryption.key"


class KeyFileError(BotError):
    """The key file cannot be used as it is."""

    code = "key_file"


def open_key_ring(keys: tuple[str, ...], data_dir: Path) -> KeyRing:
    """The key ring of the settings, or of the key file, made when absent.

    Raises:
        KeyFileError: others may read the file, or it cannot be read or written.
    """
    return KeyRing(keys or (_read_or_make(data_dir / KEY_FILE),))


def _read_or_make(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        _check_private(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise KeyFileError(
            f"Cannot use the key file {path}: {error.strerror}.",
            remedy="Make the data folder writable, or set GATEHOUSE_ENCRYPTION_KEYS.",
        ) from error


def _make(path: Path) -> None:
    """Write a new key; O_EXCL, so that of two processes one makes it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(KeyRing.generate_key() + "\n")


def _check_private(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        raise KeyFileError(
            f"Others may read the key file {path}.",
            remedy=f"Run: chmod 600 {path}",
        )
