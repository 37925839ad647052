"""Rotating the credential with which Gatehouse signs in to a tenant."""

from bot.domain.audit import AuditAction
from bot.domain.tenants import SignInKind
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, SECRET
from tests.scenarios.tenant_desk import (
    add_secret,
    flagged,
    stored_credential,
    the_tenant,
    written_down,
)


async def test_a_new_secret_is_proven_and_put_in(connected: Office) -> None:
    """Then its end is the one that is watched."""
    fresh = add_secret(connected)
    await connected.types(ADA, "/entra rotate")
    view = await connected.sees_modal(ADA, "Only when it works")
    assert "Tenant" not in [b["label"]["text"] for b in view["blocks"] if "label" in b]

    await connected.submits(ADA, secret=fresh)

    await connected.sees_modal(ADA, "now signs in with the new credential", fresh[:3])
    assert (await stored_credential(connected)).value == fresh
    tenant = await the_tenant(connected)
    assert tenant.credential_hint == fresh[:3]
    (entry,) = await written_down(connected, AuditAction.TENANT_ROTATED)
    assert fresh not in str(entry)
    await connected.sees_message(ALERTS, f"begins with `{fresh[:3]}`")


async def test_a_secret_that_fails_leaves_the_old_one(connected: Office) -> None:
    """The form says why, wants the secret again, and the old one still works."""
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Only when it works")

    await connected.submits(ADA, secret="xyz8Q~wrong-secret-value-0123456789012345")

    view = await connected.sees_modal(ADA, "Not replaced.", "Copy the Value")
    assert flagged(view) == "Client secret value"
    assert (await stored_credential(connected)).value == SECRET
    (entry,) = await written_down(connected, AuditAction.TENANT_ROTATE_FAILED)
    assert entry.facts["aadsts"] == "7000215"


async def test_the_same_secret_again_is_no_rotation(connected: Office) -> None:
    """Somebody who pastes the old one would wait for its end in vain."""
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Only when it works")

    await connected.submits(ADA, secret=SECRET)

    view = await connected.sees_modal(ADA, "signs in with this one already")
    assert flagged(view) == "Client secret value"


async def test_a_credential_that_no_longer_opens_can_be_replaced(
    connected: Office,
) -> None:
    """With its encryption key lost, even the same secret is good to be pasted."""
    database = connected.bot.core.database
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE tenant SET credential_encrypted = 'v1.000000000000.AAAA'"
        )
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Only when it works")

    await connected.submits(ADA, secret=SECRET)

    await connected.sees_modal(ADA, "now signs in with the new credential")
    assert (await stored_credential(connected)).value == SECRET


async def test_from_secret_to_certificate(connected: Office) -> None:
    """Rotating may change the kind as well."""
    await connected.types(ADA, "/entra rotate")
    view = await connected.sees_modal(ADA, "Only when it works")
    (block,) = [b for b in view["blocks"] if b.get("block_id") == "sign_in"]
    await connected.slack.click(
        ADA,
        block["element"]["action_id"],
        view_id=view["id"],
        block_id="sign_in",
        type="radio_buttons",
        selected_option=block["element"]["options"][1],
    )
    await connected.sees_modal(ADA, "Certificate and private key (PEM)")

    pem = connected.entra.tenant.bot_certificate_pem
    await connected.submits(ADA, certificate=pem)

    await connected.sees_modal(ADA, "Certificate, ends on")
    tenant = await the_tenant(connected)
    assert tenant.sign_in_kind is SignInKind.CERTIFICATE
    assert tenant.credential_hint is None
