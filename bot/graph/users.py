"""Users: found, read, disabled, signed out."""

from datetime import datetime
from uuid import UUID

from bot.domain.ids import ObjectId
from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.model import GraphModel

_SELECT = (
    "id,displayName,userPrincipalName,mail,proxyAddresses,accountEnabled,"
    "onPremisesSyncEnabled,userType,signInSessionsValidFromDateTime,jobTitle"
)
_SMTP = "smtp:"


class User(GraphModel):
    """A user as last read. None where Graph does not say."""

    id: UUID
    display_name: str | None = None
    user_principal_name: str
    mail: str | None = None
    proxy_addresses: tuple[str, ...] = ()  # "SMTP:" primary, "smtp:" others
    account_enabled: bool | None = None
    on_premises_sync_enabled: bool | None = None
    user_type: str | None = None
    sign_in_sessions_valid_from_date_time: datetime | None = None
    job_title: str | None = None

    @property
    def name(self) -> str:
        """What people call the account: its display name, else its sign-in name."""
        return self.display_name or self.user_principal_name

    @property
    def is_guest(self) -> bool:
        """Whether the account is a guest of the tenant."""
        return (self.user_type or "").casefold() == "guest"

    @property
    def is_synced(self) -> bool:
        """Whether an on-premises directory is the account's master."""
        return bool(self.on_premises_sync_enabled)

    @property
    def sign_in_sessions_valid_from(self) -> datetime | None:
        """Sessions and refresh tokens from before this time no longer hold."""
        return self.sign_in_sessions_valid_from_date_time

    @property
    def addresses(self) -> tuple[str, ...]:
        """Sign-in name and all mail addresses, lower case, each once."""
        proxies = [
            address[len(_SMTP) :]
            for address in self.proxy_addresses
            if address.casefold().startswith(_SMTP)
        ]
        every = [self.user_principal_name, self.mail or "", *proxies]
        return tuple(dict.fromkeys(a.casefold() for a in every if a))


async def search_users(graph: GraphClient, text: str, limit: int = 20) -> list[User]:
    """Find users whose name or address has a word that begins like the text.

    Args:
        text: what somebody has typed so far; "" gives the first users by name.
        limit: 1 to 999.
    """
    params = {
        "$select": _SELECT,
        "$top": str(limit),
        "$orderby": "displayName",
        "$count": "true",
    }
    if words := _searchable(text):
        names = ("displayName", "userPrincipalName", "mail")
        params["$search"] = " OR ".join(f'"{name}:{words}"' for name in names)
    page = await graph.get(
        "/users", params=params, needs=AppRole.USER_READ_ALL, advanced=True
    )
    return [User.model_validate(item) for item in page.get("value", ())][:limit]


async def get_user(graph: GraphClient, user_id: ObjectId) -> User:
    """Read a user.

    Raises:
        ObjectNotFoundError: no such user (any more).
        GraphError, SignInError: as every call.
    """
    body = await graph.get(
        f"/users/{UUID(str(user_id))}",
        params={"$select": _SELECT},
        needs=AppRole.USER_READ_ALL,
    )
    return User.model_validate(body)


async def find_user_by_address(graph: GraphClient, address: str) -> User | None:
    """Find the one user who has an address as sign-in name, mail or mail alias.

    Returns:
        None where nobody has it, or where two people do and neither better.
    """
    wanted = address.strip().casefold()
    quoted = wanted.replace("'", "''")
    page = await graph.get(
        "/users",
        params={
            "$select": _SELECT,
            "$filter": f"userPrincipalName eq '{quoted}' or mail eq '{quoted}' or "
            f"proxyAddresses/any(p:p eq 'smtp:{quoted}')",
            "$top": "5",
        },
        needs=AppRole.USER_READ_ALL,
    )
    return _best([User.model_validate(item) for item in page.get("value", ())], wanted)


async def set_account_enabled(
    graph: GraphClient, user_id: ObjectId, enabled: bool
) -> None:
    """Allow or block all sign-ins of a user. PATCH /users/{id}.

    Raises:
        PrivilegedTargetError: the user is an administrator or alike.
        WriteRefusedError: a rule stands against it, e.g. for synced users.
        UnknownOutcomeError: the answer was lost; read the user back.
        GraphError, SignInError: as every call.
    """
    await graph.patch(
        f"/users/{UUID(str(user_id))}",
        body={"accountEnabled": enabled},
        needs=AppRole.USER_ENABLE_DISABLE_ACCOUNT_ALL,
    )


async def revoke_sessions(graph: GraphClient, user_id: ObjectId) -> None:
    """End a user's sessions: new access tokens need a new sign-in.

    Tokens that are out live on for up to an hour. Raises as `set_account_enabled`.
    """
    await graph.post(
        f"/users/{UUID(str(user_id))}/revokeSignInSessions",
        needs=AppRole.USER_REVOKE_SESSIONS_ALL,
    )


def _searchable(text: str) -> str:
    """What of the text can stand inside $search's quotes."""
    return " ".join(text.replace('"', " ").replace("\\", " ").replace(":", " ").split())


def _best(found: list[User], wanted: str) -> User | None:
    by_name = [u for u in found if u.user_principal_name.casefold() == wanted]
    by_mail = [u for u in found if (u.mail or "").casefold() == wanted]
    for candidates in (by_name, by_mail, found):
        if candidates:
            return candidates[0] if len(candidates) == 1 else None
    return None
