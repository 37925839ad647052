"""Lines of Microsoft 365 usage reports as rows. Columns are found by their names.

Source of the names: the reference pages of the three reports.
"""

from bot.domain.activity_rows import UsageAppsRow, UsageOfficeRow, UsageTeamsRow
from bot.graph.decoding.csv_lines import Line
from bot.graph.decoding.values import json_text

PRINCIPAL_NAME = "User Principal Name"
_REFRESHED = "Report Refresh Date"
_PLATFORMS = ("Windows", "Mac", "Mobile", "Web")


def office_row(name: str, line: Line) -> UsageOfficeRow:
    """A line of the active users report."""
    return UsageOfficeRow(
        name,
        line.text("Display Name"),
        line.truth("Is Deleted"),
        line.day("Exchange Last Activity Date"),
        line.day("OneDrive Last Activity Date"),
        line.day("SharePoint Last Activity Date"),
        line.day("Teams Last Activity Date"),
        line.day("Yammer Last Activity Date"),
        _products(line.text("Assigned Products")),
        line.day(_REFRESHED),
    )


def teams_row(name: str, line: Line) -> UsageTeamsRow:
    """A line of the Teams user activity report."""
    return UsageTeamsRow(
        name,
        line.truth("Is Deleted"),
        line.day("Last Activity Date"),
        line.number("Team Chat Message Count"),
        line.number("Private Chat Message Count"),
        line.number("Call Count"),
        line.number("Meeting Count"),
        line.day(_REFRESHED),
    )


def apps_row(name: str, line: Line) -> UsageAppsRow:
    """A line of the Microsoft 365 apps report."""
    told = {platform: line.truth(platform) for platform in _PLATFORMS}
    used = [platform for platform, is_used in told.items() if is_used]
    is_told = any(value is not None for value in told.values())
    return UsageAppsRow(
        name,
        line.day("Last Activation Date"),
        line.day("Last Activity Date"),
        json_text(used) if is_told else None,
        line.day(_REFRESHED),
    )


def _products(text: str | None) -> str | None:
    """Product names, which come joined by plus signs, as a JSON list."""
    if text is None:
        return None
    return json_text(sorted(name.strip() for name in text.split("+") if name.strip()))
