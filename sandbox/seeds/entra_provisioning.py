"""Apps that the seeded tenant copies people into, and what came of it."""

from datetime import datetime, timedelta

from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_activity import NEVER
from sandbox.seeds.entra_ids import seeded_id

CRM_JOB, DESK_JOB, HR_JOB = (
    f"{name}.7b1f0c6a4d3e4f0f9a55c2a1d7e83b6{digit}.8a1f0c526d1e4c0b9d5f3b7a52f0c001"
    for digit, name in enumerate(("scim", "supportdesk", "hrportal"))
)


_REFUSED = {
    "errorCode": "SystemForCrossDomainIdentityManagementServiceIncompatible",
    "reason": "The target application answered 401 Unauthorized.",
    "errorCategory": "failure",
    "recommendedAction": None,
    "additionalDetails": None,
}


def add_provisioning(tenant: Tenant, now: datetime) -> None:
    """Provision three apps: one is in quarantine, one is well, one never began."""
    hour = timedelta(hours=1)
    failed = _execution("Failed", now - 2 * hour) | {
        "error": {
            "code": "SystemForCrossDomainIdentityManagementCredentialValidationFailure",
            "message": "The credentials of the target application were refused: 401.",
            "tenantActionable": True,
        }
    }
    quarantine = {
        "currentBegan": timestamp(now - 51 * hour),
        "nextAttempt": timestamp(now + 22 * hour),
        "reason": "EncounteredQuarantineException",
        "seriesBegan": timestamp(now - 51 * hour),
        "seriesCount": 4,
        "error": failed["error"],
    }
    steady = timestamp(now - 60 * hour)
    well = _execution("Succeeded", now - timedelta(minutes=25))
    recent = str(well["timeEnded"])
    for app, job in (
        ("CRM Connector", _job(CRM_JOB, "scim", "Quarantine", failed, steady)),
        ("Support Desk Sync", _job(DESK_JOB, "scim", "Active", well, recent)),
        ("HR Onboarding Portal", _job(HR_JOB, "scim", "Paused", None, NEVER)),
    ):
        job["status"]["quarantine"] = quarantine if job["id"] == CRM_JOB else None
        tenant.provisioning_jobs[_principal(tenant, app)["id"]] = [job]
    tenant.provisioning_log += _provisioned(tenant, now)


def _principal(tenant: Tenant, app: str) -> Json:
    principal = tenant.find_service_principal(seeded_id("client", app))
    if principal is None:
        raise LookupError(f"{app} has no service principal.")
    return principal


def _execution(state: str, ended: datetime) -> Json:
    return {
        "activityIdentifier": seeded_id("execution", state),
        "countEntitled": 12,
        "countEntitledForProvisioning": 12,
        "countEscrowed": 0,
        "countExported": 3 if state == "Succeeded" else 0,
        "countImported": 12,
        "error": None,
        "state": state,
        "timeBegan": timestamp(ended - timedelta(seconds=41)),
        "timeEnded": timestamp(ended),
    }


def _job(job_id: str, template: str, code: str, last: Json | None, steady: str) -> Json:
    succeeded = last if last is not None and last["state"] == "Succeeded" else None
    return {
        "id": job_id,
        "templateId": template,
        "schedule": {
            "expiration": None,
            "interval": "PT40M",
            "state": "Disabled" if code == "Paused" else "Active",
        },
        "status": {
            "code": code,
            "countSuccessiveCompleteFailures": 4 if code == "Quarantine" else 0,
            "escrowsPruned": False,
            "lastExecution": last,
            "lastSuccessfulExecution": succeeded,
            "lastSuccessfulExecutionWithExports": succeeded,
            "progress": [],
            "quarantine": None,
            "steadyStateFirstAchievedTime": steady,
            "steadyStateLastAchievedTime": steady,
            "synchronizedEntryCountByType": [],
            "troubleshootingUrl": None,
        },
        "synchronizationJobSettings": [],
    }


def _provisioned(tenant: Tenant, now: datetime) -> list[Json]:
    entries = []
    for hours, app, job, login, result in (
        (0.4, "Support Desk Sync", DESK_JOB, "anna", "success"),
        (2, "CRM Connector", CRM_JOB, "dana", "failure"),
        (2, "CRM Connector", CRM_JOB, "sofia", "failure"),
        (25, "Support Desk Sync", DESK_JOB, "david", "skipped"),
        (70, "CRM Connector", CRM_JOB, "aisha", "success"),
    ):
        moment = now - timedelta(hours=hours)
        entries.append(_provisioning_entry(tenant, moment, app, job, login, result))
    return entries


def _provisioning_entry(
    tenant: Tenant, moment: datetime, app: str, job: str, login: str, result: str
) -> Json:
    user = tenant.users[seeded_id("user", login)]
    return {
        "id": seeded_id("provisioned", f"{app}/{login}"),
        "activityDateTime": timestamp(moment),
        "tenantId": tenant.id,
        "jobId": job,
        "cycleId": seeded_id("cycle", app),
        "changeId": seeded_id("change", f"{app}/{login}"),
        "provisioningAction": "other" if result == "skipped" else "update",
        "durationInMilliseconds": 412,
        "servicePrincipal": {"id": _principal(tenant, app)["id"], "displayName": app},
        "sourceSystem": {"displayName": "Microsoft Entra ID", "id": None},
        "targetSystem": {"displayName": app, "id": None},
        "initiatedBy": {"initiatorType": "system", "displayName": "Provisioning"},
        "sourceIdentity": {
            "id": user["id"],
            "displayName": user["displayName"],
            "identityType": "User",
        },
        "targetIdentity": {
            "id": None,
            "displayName": user["userPrincipalName"],
            "identityType": "User",
        },
        "provisioningStatusInfo": {
            "status": result,
            "errorInformation": _REFUSED if result == "failure" else None,
        },
        "provisioningSteps": [],
        "modifiedProperties": [],
    }
