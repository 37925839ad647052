"""The tenant around the generated directory: who signs in, and its few odd parts."""

from datetime import datetime

from sandbox.bulk.activity import activations_of, eligibilities_of
from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.people import DOMAIN, SKUS
from sandbox.bulk.permissions import READING
from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.registrations import Consent
from sandbox.graph.tenant import Tenant
from sandbox.seeds.entra import organization, sku_object
from sandbox.seeds.entra_activity import add_identity_providers
from sandbox.seeds.entra_apps import add_bot, add_graph_principal
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, TENANT_ID

_HOLDERS_OF_A_ROLE = 9


def bulk_tenant(
    now: datetime, directory: BulkDirectory, permissions: tuple[str, ...] = READING
) -> Tenant:
    """Return a tenant with the bot's registration, and role holders of the directory.

    `permissions` are the application permissions consented to the bot.
    """
    tenant = Tenant(
        id=TENANT_ID,
        display_name="Bulk Ltd",
        cloud="global",
        domains=(DOMAIN,),
        organization=organization() | {"displayName": "Bulk Ltd"},
        bot_client_id=BOT_CLIENT_ID,
        skus=[sku_object(sku, name, directory.shape.users) for sku, name in SKUS],
    )
    add_graph_principal(tenant)
    add_bot(tenant, now)
    consent = Consent(tenant, BOT_CLIENT_ID)
    consent.revoke(consent.granted)
    consent.grant(list(permissions), now)
    _assign_roles(tenant, directory.shape.anchors)
    shape = directory.shape
    tenant.role_eligibilities = {e["id"]: e for e in eligibilities_of(shape, now)}
    tenant.role_activations = {a["id"]: a for a in activations_of(shape, now)}
    add_identity_providers(tenant)
    return tenant


def _assign_roles(tenant: Tenant, managers: int) -> None:
    for place, role in enumerate(ROLE_IDS.values()):
        for which in range(_HOLDERS_OF_A_ROLE):
            number = (place * _HOLDERS_OF_A_ROLE + which) % managers
            identity = f"assigned-{place}-{which}"
            tenant.role_assignments[identity] = {
                "id": identity,
                "principalId": object_id(Kind.USER, number),
                "roleDefinitionId": role,
                "directoryScopeId": "/",
            }
