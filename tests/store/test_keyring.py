"""Encrypted credentials open only with the right key, in the right row, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.keyring import BadKeyError, DecryptionError, KeyRing

pytestmark = pytest.mark.quick

OLD, NEW = KeyRing.generate_key(), KeyRing.generate_key()
RING = KeyRing([NEW])
HERE = "tenant:1:credential"


@given(st.text())
def test_what_is_encrypted_opens_again(text: str) -> None:
    """Any text, and the token does not hold it."""
    token = RING.encrypt(text, bound_to=HERE)

    assert RING.decrypt(token, bound_to=HERE) == text
    assert len(text) < 8 or text not in token


def test_the_same_secret_never_looks_the_same() -> None:
    """Or one could tell which tenants share a secret."""
    assert RING.encrypt("secret", bound_to=HERE) != RING.encrypt(
        "secret", bound_to=HERE
    )


@given(st.data())
def test_a_changed_token_does_not_open(data: st.DataObject) -> None:
    """Whatever single character is changed."""
    token = RING.encrypt("secret", bound_to=HERE)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[place]))
    changed = token[:place] + other + token[place + 1 :]

    with pytest.raises(DecryptionError):
        RING.decrypt(changed, bound_to=HERE)


def test_a_token_of_another_row_does_not_open() -> None:
    """Somebody who can write to the database cannot swap credentials."""
    token = RING.encrypt("secret", bound_to="tenant:2:credential")

    with pytest.raises(DecryptionError, match="belongs to another tenant") as error:
        RING.decrypt(token, bound_to=HERE)

    assert "rotate" in error.value.remedy


def test_a_missing_key_is_named_by_its_id_alone() -> None:
    """So that the operator can find it, and nobody learns it."""
    token = KeyRing([OLD]).encrypt("secret", bound_to=HERE)

    with pytest.raises(DecryptionError) as error:
        RING.decrypt(token, bound_to=HERE)

    assert KeyRing([OLD]).key_id in error.value.message
    assert "GATEHOUSE_ENCRYPTION_KEYS" in error.value.remedy
    assert OLD not in str(error.value)


@pytest.mark.parametrize(
    "token", ["", "secret", "v2.a.b", "v1.abc.===", "v1..", "...."]
)
def test_what_is_no_token_is_told_as_such(token: str) -> None:
    """As after a bad restore."""
    with pytest.raises(DecryptionError, match=r"not in a form|is missing"):
        RING.decrypt(token, bound_to=HERE)


def test_a_ring_opens_old_tokens_and_writes_with_the_newest_key() -> None:
    """That is how keys are changed without a stop."""
    ring = KeyRing([NEW, OLD])
    old = KeyRing([OLD]).encrypt("secret", bound_to=HERE)
    new = ring.encrypt(ring.decrypt(old, bound_to=HERE), bound_to=HERE)

    assert not ring.newest_encrypted(old)
    assert ring.newest_encrypted(new)
    assert RING.decrypt(new, bound_to=HERE) == "secret"


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ([], "no encryption key"),
        ([NEW, "not base64!"], "key 2 is not"),
        (["c2hvcnQ="], "has 5 bytes"),
        (["é" * 44], "key 1 is not"),
    ],
)
def test_bad_keys_are_refused_by_their_place(keys: list[str], reason: str) -> None:
    """The error never repeats a key."""
    with pytest.raises(BadKeyError, match=reason) as error:
        KeyRing(keys)

    assert not any(key in str(error.value) for key in keys)
    assert "32 bytes" in error.value.remedy
