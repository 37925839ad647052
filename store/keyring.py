"""The key ring that encrypts what signs in to tenants.

AES-256-GCM. A token is "v1.<key id>.<nonce and ciphertext>"; version, key id and the
row it belongs to are authenticated with it, so a ciphertext copied to another row does
not open. The key id says which key is needed without telling anything about it.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import BotError

_VERSION = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12  # what GCM is specified for; random, so far below 2**32 uses a key


class BadKeyError(BotError):
    """The encryption keys in the settings cannot be used."""

    code = "bad_key"

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            remedy="Set GATEHOUSE_ENCRYPTION_KEYS to comma-separated keys, newest "
            "first, each 32 bytes in URL-safe base64 (44 characters).",
        )


class DecryptionError(BotError):
    """A stored credential does not open."""

    code = "decryption_failed"


class KeyRing:
    """Encrypts with the newest key and opens with any.

    Args:
        keys: as `generate_key` makes them, newest first.

    Raises:
        BadKeyError: no key, or one that is not 32 bytes in URL-safe base64.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKeyError("There is no encryption key.")
        raw = [_read_key(key, number) for number, key in enumerate(keys, start=1)]
        self._ciphers = {_key_id(key): AESGCM(key) for key in raw}
        self.key_id = _key_id(raw[0])

    @staticmethod
    def generate_key() -> str:
        """Make a new random key."""
        return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode()

    def encrypt(self, text: str, bound_to: str) -> str:
        """Encrypt with the newest key for one place only, e.g. "tenant:<id>:…"."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.key_id].encrypt(
            nonce, text.encode(), _context(self.key_id, bound_to)
        )
        body = base64.urlsafe_b64encode(nonce + sealed).decode()
        return f"{_VERSION}.{self.key_id}.{body}"

    def decrypt(self, token: str, bound_to: str) -> str:
        """Open what `encrypt` made for the same place.

        Raises:
            DecryptionError: the key is not in the ring, the token was changed or
                comes from another row, or it is no token.
        """
        key_id, body = _split(token)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise DecryptionError(
                f"A stored credential needs encryption key {key_id}, which is missing.",
                remedy="Add that key to GATEHOUSE_ENCRYPTION_KEYS, or connect the "
                "tenant anew.",
            )
        try:
            opened = cipher.decrypt(
                body[:_NONCE_BYTES], body[_NONCE_BYTES:], _context(key_id, bound_to)
            )
        except InvalidTag as error:
            raise DecryptionError(
                "A stored credential was changed, or belongs to another tenant.",
                remedy="Find out who wrote to the database, then rotate the tenant's "
                "credential.",
            ) from error
        return opened.decode()

    def newest_encrypted(self, token: str) -> bool:
        """Whether the newest key made this token, so rotation may leave it."""
        return token.startswith(f"{_VERSION}.{self.key_id}.")


def _read_key(key: str, number: int) -> bytes:
    # Errors name the key by its place: its text must not reach a log.
    try:
        raw = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadKeyError(f"Encryption key {number} is not URL-safe base64.") from None
    if len(raw) != _KEY_BYTES:
        raise BadKeyError(
            f"Encryption key {number} has {len(raw)} bytes instead of {_KEY_BYTES}."
        )
    return raw


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"gatehouse key id\0" + key).hexdigest()[:12]


def _context(key_id: str, bound_to: str) -> bytes:
    return f"gatehouse\0{_VERSION}\0{key_id}\0{bound_to}".encode()


def _split(token: str) -> tuple[str, bytes]:
    parts = token.split(".")
    try:
        version, key_id, body = parts
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        version, key_id, raw = "", "", b""
    # Base64 leaves spare bits; only the one canonical spelling counts as unchanged.
    if version != _VERSION or base64.urlsafe_b64encode(raw).decode() != parts[-1]:
        raise DecryptionError(
            "A stored credential is not in a form that this version can read.",
            remedy="Restore the database from a backup, or connect the tenant anew.",
        )
    return key_id, raw
