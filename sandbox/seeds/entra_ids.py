"""Ids of the seeded tenant: stable between runs, so that people can refer to them."""

from uuid import UUID, uuid5

TENANT_ID = "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001"
DOMAIN = "contoso.example"
INITIAL_DOMAIN = "contoso.onmicrosoft.example"
BOT_CLIENT_ID = "5d3c2b1a-0f9e-4d8c-b7a6-95847362514f"
BOT_SECRET_VALUE = "gh78Q~demoSECRETvalue-not-real-012345678"
BOT_SECRET_ID = "11111111-aaaa-4bbb-8ccc-222222222222"

_SPACE = UUID(TENANT_ID)


def seeded_id(kind: str, name: str) -> str:
    """Return the id of a seeded object; the same kind and name give the same id."""
    return str(uuid5(_SPACE, f"{kind}:{name}"))
