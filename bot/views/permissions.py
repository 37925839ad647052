"""What an app may do: each permission granted or missing, what for, and why."""

from bot.domain.permissions import Feature, Need, PermissionReport
from bot.views.text import code, count

FEATURE_LABELS = {
    Feature.CORE: "Core (sign in, and this report)",
    Feature.WATCH: "Watch (expiring secrets and certificates, consent)",
    Feature.DEPROVISIONING: "Deprovisioning (offboarding leavers)",
    Feature.PROVISIONING: "Provisioning (onboarding joiners; not used yet)",
    Feature.DIRECTORY: "Directory (kept in sync; add what you want to see)",
}


def wanted_features(report: PermissionReport) -> tuple[Feature, ...]:
    """Features whose lack is worth a warning.

    Who never asked for a permission of deprovisioning may want to watch only. Joiners
    are not onboarded yet.
    """
    used = (each for each in Feature if each is not Feature.PROVISIONING)
    return tuple(each for each in used if report.wants(each))


def feature_text(report: PermissionReport, feature: Feature) -> str:
    """A feature with each of its permissions, granted or missing, and why."""
    lines = [_need_line(report, need) for need in report.of(feature)]
    title = f"*{FEATURE_LABELS[feature]}:* {_standing(report, feature)}"
    return "\n".join([title, *lines, *_absent_lines(report, feature)])


def missing_text(report: PermissionReport) -> str:
    """What is missing for the features in use, in one line; "" when nothing is."""
    wanted = wanted_features(report)
    roles = [need.role for feature in wanted for need in report.missing(feature)]
    return ", ".join(code(role) for role in dict.fromkeys(roles))


def advice(report: PermissionReport) -> list[str]:
    """What was done wrong on the registration, each with the next click."""
    return [*_delegated_advice(report), *_consent_advice(report)]


def _standing(report: PermissionReport, feature: Feature) -> str:
    needs = report.of(feature)
    if all(need.optional for need in needs):
        met = sum(need.is_met_by(report.granted) for need in needs)
        return f"{met} of {len(needs)} granted; each is optional"
    missing = report.missing(feature)
    return f"{count(len(missing), 'permission')} missing" if missing else "ready"


def _absent_lines(report: PermissionReport, feature: Feature) -> list[str]:
    absent = report.absent(feature)
    if not absent:
        return []
    names = ", ".join(code(need.role) for need in absent)
    return [f":heavy_minus_sign: Nothing to add in {report.cloud.label}: {names}"]


def _need_line(report: PermissionReport, need: Need) -> str:
    if need.is_met_by(report.granted):
        through = _through(report, need)
        return f":white_check_mark: {code(need.role)}{through}: {need.purpose}"
    if need.feature is Feature.DIRECTORY:
        return f":white_circle: {code(need.role)}{_why(report, need)}: {need.purpose}"
    if need.optional:
        return f":white_circle: {code(need.role)} (optional): {need.purpose}"
    if need.feature is Feature.PROVISIONING:
        return f":white_circle: {code(need.role)}{_why(report, need)}: {need.purpose}"
    return f":x: {code(need.role)}{_why(report, need)}: {need.purpose}"


def _through(report: PermissionReport, need: Need) -> str:
    if need.role in report.granted:
        return ""
    broader = sorted(role for role in need.covered_by if role in report.granted)
    return f" (through {code(broader[0])})"


def _why(report: PermissionReport, need: Need) -> str:
    if need.role in report.wrongly_delegated():
        return " (chosen as *Delegated*, needed as *Application*)"
    if need.role in (report.requested or frozenset()):
        return " (requested, consent not granted)"
    return ""


def _delegated_advice(report: PermissionReport) -> list[str]:
    mistaken = report.wrongly_delegated()
    if not mistaken:
        return []
    names = ", ".join(code(role) for role in mistaken)
    return [
        f":warning: *Delegated instead of Application:* {names}\nGatehouse works "
        "without a signed-in person, so Delegated permissions do nothing for it.\n"
        "*Next:* on the API permissions page remove them, add the same names under "
        "*Application permissions*, and grant admin consent."
    ]


def _consent_advice(report: PermissionReport) -> list[str]:
    requested = report.requested or frozenset()
    waiting = [role for role in report.unmet() if role in requested]
    if not waiting:
        return []
    names = ", ".join(code(role) for role in waiting)
    return [
        f":hourglass: *Requested, but not consented:* {names}\n*Next:* have a "
        "Privileged Role Administrator press *Grant admin consent* on the API "
        "permissions page, then press *Check again*."
    ]
