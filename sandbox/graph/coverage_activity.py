"""What the simulator answers of schedules, jobs, devices, logs and reports."""

from sandbox.graph.covered import partial, supported
from sandbox.graph.usage import REPORTS

_ROLES = "/roleManagement/directory"

ACTIVITY = (
    *supported(
        "test_activity.py::test_devices", "GET /devices", "GET /devices/{object_id}"
    ),
    *supported("test_activity.py::test_devices_are_counted", "GET /devices/$count"),
    *supported(
        "test_activity.py::test_managed_devices_want_intune",
        "GET /deviceManagement/managedDevices",
    ),
    *(
        partial(
            f"GET {_ROLES}/{name}",
            "test_activity.py::test_role_schedules",
            "Scope of the whole directory alone; a role held through a group is told "
            "as the group's.",
        )
        for name in (
            "roleEligibilityScheduleInstances",
            "roleAssignmentScheduleInstances",
        )
    ),
    *supported(
        "test_activity.py::test_identity_providers", "GET /identity/identityProviders"
    ),
    partial(
        "GET /servicePrincipals/{object_id}/synchronization/jobs",
        "test_activity.py::test_provisioning_jobs",
        "An app that nothing is copied to has an empty list.",
    ),
    partial(
        "GET /reports/authenticationMethods/userRegistrationDetails",
        "test_activity.py::test_registrations_follow_methods",
        "Renewed with every request; the service takes hours. Page sizes are a guess.",
    ),
    *(
        partial(f"GET /auditLogs/{name}", "test_logs.py::test_window_of_a_log", note)
        for name, note in (
            ("directoryAudits", "Writes through Graph are told at once, in few words."),
            ("signIns", "Only what the seed or the control interface puts there."),
            ("provisioning", "Only what the seed or the control interface puts there."),
        )
    ),
    *(
        partial(
            f"GET /reports/{report.function}(period='{{period}}')",
            "test_usage_reports.py::test_report_is_fetched_without_a_token",
            "CSV alone; every period tells the same.",
        )
        for report in REPORTS
    ),
)
