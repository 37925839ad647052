"""Connected tenants and their encrypted credentials."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId, WorkspaceId
from bot.domain.tenants import AppCredential, SignInKind, Tenant, TenantStatus
from store import alerts, credentials, tenants
from store.engine import Database
from store.keyring import DecryptionError, KeyRing
from tests.store.people import (
    ACME,
    NOW,
    SECRET,
    a_credential,
    a_tenant,
    an_alert,
)


async def connect(database: Database, tenant: Tenant, keys: KeyRing) -> None:
    """Store a tenant in a transaction of its own."""
    async with database.sessions.begin() as session:
        await tenants.add(session, tenant, SECRET, keys)


async def test_a_tenant_comes_back_as_it_was(database: Database, keys: KeyRing) -> None:
    """Every field, also those that are usually empty."""
    tenant = a_tenant(
        verified_domains=("contoso.example", "contoso.test"),
        app_object_id=uuid4(),
        credential_key_id=uuid4(),
        credential_hint="abc",
        credential_ends_at=NOW,
        granted=frozenset({"User.Read.All", "Application.Read.All"}),
        delegated=frozenset(),
        requested=frozenset({"User.Read.All"}),
        problems=("The owners could not be read.",),
        checked_at=NOW,
        last_scan_at=NOW,
    )
    await connect(database, tenant, keys)

    async with database.sessions() as session:
        assert await tenants.get(session, tenant.id) == tenant
        assert await tenants.find(session, tenant.id) == tenant
        assert await tenants.credential_of(session, tenant.id, keys) == SECRET


async def test_an_unknown_tenant_is_not_found(
    database: Database, keys: KeyRing
) -> None:
    """As after a click on an old message."""
    nobody = ConnectionId(uuid4())
    async with database.sessions.begin() as session:
        assert await tenants.find(session, nobody) is None
        with pytest.raises(NotFoundError):
            await tenants.get(session, nobody)
        with pytest.raises(NotFoundError):
            await tenants.credential_of(session, nobody, keys)
        with pytest.raises(NotFoundError):
            await tenants.remove(session, nobody)
        with pytest.raises(NotFoundError):
            await tenants.update(session, a_tenant())


async def test_two_admins_who_connect_at_once(
    database: Database, keys: KeyRing
) -> None:
    """One connects it, the other is told that it is connected."""
    first = a_tenant()
    second = replace(first, id=ConnectionId(uuid4()), name="Contoso again")

    outcomes = await asyncio.gather(
        connect(database, first, keys),
        connect(database, second, keys),
        return_exceptions=True,
    )

    refusals = [each for each in outcomes if each is not None]
    assert [type(each) for each in refusals] == [tenants.AlreadyConnectedError]


async def test_another_workspace_may_connect_the_same_tenant(
    database: Database, keys: KeyRing
) -> None:
    """And each sees its own, by name."""
    ours, theirs = a_tenant(name="b"), a_tenant(workspace_id=WorkspaceId("T0OTHER"))
    also_ours = a_tenant(name="A")
    for tenant in (ours, theirs, also_ours):
        await connect(database, tenant, keys)

    async with database.sessions() as session:
        assert await tenants.list_for_workspace(session, ACME) == [also_ours, ours]
        assert len(await tenants.list_connected(session)) == 3


async def test_the_secret_is_nowhere_in_the_clear(
    database: Database, keys: KeyRing
) -> None:
    """Not in any column of any table."""
    await connect(database, a_tenant(), keys)

    async with database.engine.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM tenant"))).one()

    assert SECRET.value not in str(row)
    assert str(row.credential_encrypted).startswith("v1.")


async def test_swapped_ciphertexts_do_not_open(
    database: Database, keys: KeyRing
) -> None:
    """Somebody with SQL cannot make one tenant sign in as another."""
    contoso, fabrikam = a_tenant(), a_tenant(name="Fabrikam")
    for tenant in (contoso, fabrikam):
        await connect(database, tenant, keys)
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.execute(
            text(
                "UPDATE tenant SET credential_encrypted = (SELECT credential_encrypted "
                "FROM tenant WHERE name = 'Fabrikam') WHERE name = 'Contoso'"
            )
        )

    async with database.sessions() as session:
        with pytest.raises(DecryptionError, match="another tenant"):
            await tenants.credential_of(session, contoso.id, keys)


async def test_rotating_a_credential_replaces_the_old_one(
    database: Database, keys: KeyRing
) -> None:
    """With what is known of the new one; nothing of the old one stays."""
    tenant = a_tenant(credential_hint="abc", credential_key_id=uuid4())
    await connect(database, tenant, keys)
    certificate = AppCredential(SignInKind.CERTIFICATE, "-----BEGIN CERTIFICATE-----")
    key_id = uuid4()

    async with database.sessions.begin() as session:
        await tenants.replace_credential(
            session, tenant.id, certificate, keys, key_id=key_id, ends_at=NOW
        )
        stored = await tenants.get(session, tenant.id)
        opened = await tenants.credential_of(session, tenant.id, keys)

    assert opened == certificate
    assert stored.credential_key_id == key_id
    assert stored.credential_ends_at == NOW
    assert stored.credential_hint is None
    assert stored.sign_in_kind is SignInKind.CERTIFICATE


async def test_disconnecting_erases_all_but_the_name(
    database: Database, keys: KeyRing
) -> None:
    """The row stays for the audit trail; the tenant can be connected anew."""
    tenant = a_tenant(credential_hint="abc")
    await connect(database, tenant, keys)
    async with database.sessions.begin() as session:
        await credentials.replace_all(session, tenant.id, [a_credential()], NOW)
        await alerts.record_opened(session, an_alert(tenant))
        await tenants.remove(session, tenant.id)

    async with database.sessions() as session:
        gone = await tenants.get(session, tenant.id)
        assert (gone.name, gone.status) == ("Contoso", TenantStatus.DISCONNECTED)
        assert gone.credential_hint is None
        assert await tenants.list_connected(session) == []
        assert await tenants.list_for_workspace(session, ACME) == []
        assert await credentials.list_ending(session, [tenant.id]) == []
        assert await alerts.list_open(session, tenant.id) == []
        with pytest.raises(NotFoundError):
            await tenants.credential_of(session, tenant.id, keys)
        kept = await (await session.connection()).execute(
            text("SELECT credential_encrypted FROM tenant")
        )
        assert kept.scalar_one() == ""

    await connect(database, replace(tenant, id=ConnectionId(uuid4())), keys)


async def test_a_late_scan_does_not_bring_a_disconnected_tenant_back(
    database: Database, keys: KeyRing
) -> None:
    """Its write comes after the disconnect and is refused."""
    tenant = a_tenant()
    await connect(database, tenant, keys)
    async with database.sessions.begin() as session:
        await tenants.remove(session, tenant.id)

    async with database.sessions.begin() as session:
        with pytest.raises(NotFoundError):
            await tenants.update(session, replace(tenant, last_scan_at=NOW))
        assert (await tenants.get(session, tenant.id)).last_scan_at is None


async def test_two_who_change_a_locked_tenant_lose_nothing(
    database: Database, keys: KeyRing
) -> None:
    """A scan and an admin at once: both changes are there."""
    tenant = a_tenant()
    await connect(database, tenant, keys)

    async def change(**fields: object) -> None:
        async with database.sessions.begin() as session:
            present = await tenants.get(session, tenant.id, lock=True)
            await asyncio.sleep(0.05)
            await tenants.update(session, replace(present, **fields))  # type: ignore[arg-type]  # any field

    await asyncio.gather(
        change(last_scan_at=NOW + timedelta(days=1)), change(name="Contoso Ltd")
    )

    async with database.sessions() as session:
        stored = await tenants.get(session, tenant.id)
    assert stored.last_scan_at == NOW + timedelta(days=1)
    assert stored.name == "Contoso Ltd"


async def test_rotating_keys_encrypts_anew_what_an_older_key_encrypted(
    database: Database, keys: KeyRing
) -> None:
    """Then the old key can go."""
    old_key, new_key = KeyRing.generate_key(), KeyRing.generate_key()
    old, fresh, gone = a_tenant(), a_tenant(), a_tenant()
    await connect(database, old, KeyRing([old_key]))
    await connect(database, gone, KeyRing([old_key]))
    await connect(database, fresh, KeyRing([new_key]))
    both = KeyRing([new_key, old_key])

    async with database.sessions.begin() as session:
        await tenants.remove(session, gone.id)
        assert await tenants.rotate_keys(session, both) == 1
        assert await tenants.rotate_keys(session, both) == 0

    async with database.sessions() as session:
        for tenant in (old, fresh):
            opened = await tenants.credential_of(session, tenant.id, KeyRing([new_key]))
            assert opened == SECRET


async def test_rotating_without_the_old_key_changes_nothing(
    database: Database,
) -> None:
    """The error names the missing key; nothing is half done."""
    tenant = a_tenant()
    old = KeyRing([KeyRing.generate_key()])
    await connect(database, tenant, old)

    async with database.sessions() as session:
        with pytest.raises(DecryptionError, match=old.key_id):
            await tenants.rotate_keys(session, KeyRing([KeyRing.generate_key()]))

    async with database.sessions() as session:
        assert await tenants.credential_of(session, tenant.id, old) == SECRET
