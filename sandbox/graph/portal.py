"""What an administrator does in the portal: the acts behind the page's buttons."""

import secrets
from datetime import timedelta
from uuid import uuid4

from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.entra import Entra
from sandbox.graph.licences import Plan, plans_of, set_plan
from sandbox.graph.registrations import Consent, secret_object
from sandbox.graph.resources.logs import LOGS
from sandbox.graph.schema import USER
from sandbox.graph.tenant import Json, timestamp
from sandbox.graph.tokens import GRAPH_ROOTS


class PortalError(Exception):
    """An act that cannot be done; `code` for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Portal:
    """The acts, on the main tenant of a simulator."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    def consent(self, body: Json) -> Json:
        """Add, grant, revoke, grant all, or ask for as delegated.

        Raises:
            PortalError: an unknown permission, or no registration of the bot.
        """
        tenant, now = self._entra.tenant, self._entra.now()
        try:
            consent = Consent(tenant, tenant.bot_client_id)
            consent.ask(body.get("add") or [])
            if body.get("all"):
                consent.grant_all(now)
            consent.revoke(body.get("revoke") or [])
            consent.ask_as_delegated(body.get("delegated") or [])
            consent.grant(body.get("grant") or [], now)
        except KeyError as unknown:
            raise PortalError(
                "unknown_permission", f"There is no permission or app {unknown}."
            ) from unknown
        return {}

    def app(self, body: Json) -> Json:
        """Change a registration: its credentials, or whether sign-in is enabled."""
        app = self._entra.tenant.find_application(str(body.get("app")))
        if app is None:
            raise PortalError("app_not_found", "No app of that id or name.")
        answer: Json = {}
        if wanted := body.get("add_secret"):
            answer = self._add_secret(app, wanted)
        if key_id := body.get("remove"):
            self._remove(app, str(key_id))
        if key_id := body.get("expire"):
            self._end(app, str(key_id), -1 / 24)
        for key_id, days in (body.get("set_days") or {}).items():
            self._end(app, key_id, float(days))
        if "enabled" in body:
            self._principal(app)["accountEnabled"] = bool(body["enabled"])
        return answer

    def _principal(self, app: Json) -> Json:
        principal = self._entra.tenant.find_service_principal(app["appId"])
        if principal is None:
            raise PortalError("no_service_principal", "The app is not in this tenant.")
        return principal

    def _add_secret(self, app: Json, wanted: Json) -> Json:
        now, key_id = self._entra.now(), str(uuid4())
        value = f"{secrets.token_hex(2)[:3]}8Q~{secrets.token_hex(17)}"
        ends_at = now + timedelta(days=float(wanted.get("days", 180)))
        name = str(wanted.get("displayName", "Added"))
        credential = secret_object(key_id, name, value[:3], now, ends_at)
        app["passwordCredentials"].append(credential)
        self._entra.tenant.secrets[key_id] = value
        return {"secretText": value, "keyId": key_id}

    def _credentials(self, app: Json, key_id: str) -> tuple[list[Json], Json]:
        for kind in ("passwordCredentials", "keyCredentials"):
            for credential in app[kind]:
                if credential["keyId"] == key_id:
                    return app[kind], credential
        raise PortalError(
            "credential_not_found", f"The app has no credential {key_id}."
        )

    def _remove(self, app: Json, key_id: str) -> None:
        credentials, credential = self._credentials(app, key_id)
        credentials.remove(credential)
        for kept in (self._entra.tenant.secrets, self._entra.tenant.certificates):
            kept.pop(key_id, None)

    def _end(self, app: Json, key_id: str, days: float) -> None:
        ends_at = self._entra.now() + timedelta(days=days)
        self._credentials(app, key_id)[1]["endDateTime"] = timestamp(ends_at)

    def user(self, body: Json) -> Json:
        """Change properties of a user; `roles` replaces the directory roles by name."""
        changes = dict(body)
        name = str(changes.pop("id", None) or changes.pop("userPrincipalName", ""))
        user = self._entra.tenant.find_user(name)
        if user is None:
            raise PortalError("user_not_found", "No user of that id or name.")
        roles = changes.pop("roles", None)
        if unknown := set(changes) - set(USER.properties):
            raise PortalError("unknown_property", f"Users have no {sorted(unknown)}.")
        user.update(changes)
        if roles is not None:
            self._set_roles(user["id"], roles)
        return {"user": user}

    def _set_roles(self, user_id: str, names: list[str]) -> None:
        if unknown := set(names) - set(ROLE_IDS):
            raise PortalError("unknown_role", f"There are no roles {sorted(unknown)}.")
        held = self._entra.tenant.role_assignments
        for key in [k for k, a in held.items() if a["principalId"] == user_id]:
            del held[key]
        for name in names:
            assignment_id = uuid4().hex
            held[assignment_id] = {
                "id": assignment_id,
                "principalId": user_id,
                "roleDefinitionId": ROLE_IDS[name],
                "directoryScopeId": "/",
            }

    def tenant(self, body: Json) -> Json:
        """Move the tenant to another cloud, buy plans or let them end.

        Takes `cloud`, and `plans`, e.g. `{"AAD_PREMIUM_P2": false}`.

        Raises:
            PortalError: an unknown cloud or plan.
        """
        tenant = self._entra.tenant
        cloud = body.get("cloud", tenant.cloud)
        plans = body.get("plans") or {}
        if cloud not in GRAPH_ROOTS:
            raise PortalError("unknown_cloud", f"Clouds are {', '.join(GRAPH_ROOTS)}.")
        if unknown := set(plans) - set(Plan):
            raise PortalError("unknown_plan", f"There are no plans {sorted(unknown)}.")
        tenant.cloud = cloud
        for name, on in plans.items():
            set_plan(tenant, Plan(name), on=bool(on))
        return {"cloud": cloud, "plans": sorted(plans_of(tenant))}

    def log(self, body: Json) -> Json:
        """Add an entry to a log: the latest one again, with other facts.

        Takes `log` (directoryAudits, signIns or provisioning), `minutes_ago`, which
        makes it late, and `entry` with the properties that differ.

        Raises:
            PortalError: an unknown log or property, or a log without any entry.
        """
        log = next((log for log in LOGS if log.segment == body.get("log")), None)
        entries = log.entries(self._entra.tenant) if log else []
        if log is None or not entries:
            raise PortalError("unknown_log", "No log of that name has entries.")
        changes = dict(body.get("entry") or {})
        if unknown := set(changes) - set(log.entity.properties):
            raise PortalError("unknown_property", f"Entries have no {sorted(unknown)}.")
        late = timedelta(minutes=float(body.get("minutes_ago", 0)))
        latest = max(entries, key=lambda entry: str(entry[log.time]))
        happened = {log.time: timestamp(self._entra.now() - late)}
        entries.append(latest | {"id": str(uuid4())} | happened | changes)
        return {"entry": entries[-1]}

    def fault(self, body: Json) -> Json:
        """Switch a fault on or off; `n` in its params says how often it strikes."""
        name, faults = str(body.get("name")), self._entra.faults
        try:
            params = dict(body.get("params") or {})
            usual = faults.usual(name)
            times = int(params.pop("n", None) or usual)
            faults.set(name, times if body.get("on") else 0, **params)
        except KeyError as unknown:
            raise PortalError(
                "unknown_fault", f"There is no fault {name}."
            ) from unknown
        except (TypeError, ValueError) as mistake:
            raise PortalError("bad_params", str(mistake)) from mistake
        return {"faults": [fault.to_json() for fault in faults]}
