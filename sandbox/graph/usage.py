"""Usage reports of Microsoft 365: their columns, and how the files look.

Columns and their order: the reference page of each report.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

PERIODS = ("D7", "D30", "D90", "D180")
_BATCH = 500  # rows in a piece

_SERVICES = (
    "Exchange",
    "OneDrive",
    "SharePoint",
    "Skype For Business",
    "Yammer",
    "Teams",
)
_PLATFORMS = ("Windows", "Mac", "Mobile", "Web")
_APPS = ("Outlook", "Word", "Excel", "PowerPoint", "OneNote", "Teams")

# What a person did: facts under the names below, None where there is nothing to tell.
Use = dict[str, Any]


@dataclass(frozen=True)
class UsageReport:
    """A report: the name of its function, its columns, and a row of one person."""

    function: str
    columns: tuple[str, ...]
    row: Callable[[Use, str], dict[str, object]]


def _office_columns() -> tuple[str, ...]:
    return (
        *("Report Refresh Date", "User Principal Name", "Display Name", "Is Deleted"),
        "Deleted Date",
        *(f"Has {service} License" for service in _SERVICES),
        *(f"{service} Last Activity Date" for service in _SERVICES),
        *(f"{service} License Assign Date" for service in _SERVICES),
        "Assigned Products",
    )


def _who(use: Use) -> dict[str, object]:
    return {
        "User Principal Name": use["principal_name"],
        "Display Name": use["name"],
        "Is Deleted": use.get("deleted", False),
        "Assigned Products": "+".join(use.get("products", ())),
    }


def _office_row(use: Use, _: str) -> dict[str, object]:
    products = bool(use.get("products"))
    return {
        **_who(use),
        **{f"Has {service} License": products for service in _SERVICES},
        **{f"{s} Last Activity Date": use.get(s.lower()) for s in _SERVICES},
    }


_TEAMS_COLUMNS = (
    "Report Refresh Date,Tenant Display Name,Shared Channel Tenant Display Names,"
    "User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,"
    "Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,"
    "Meeting Count,Post Messages,Reply Messages,Urgent Messages,"
    "Meetings Organized Count,Meetings Attended Count,Has Other Action,Is Licensed,"
    "Report Period"
)


def _teams_row(use: Use, period: str) -> dict[str, object]:
    return {
        **_who(use),
        "User Id": use["id"],
        "Last Activity Date": use.get("teams"),
        "Team Chat Message Count": use.get("team_chats", 0),
        "Private Chat Message Count": use.get("private_chats", 0),
        "Call Count": use.get("calls", 0),
        "Meeting Count": use.get("meetings", 0),
        "Has Other Action": "No",
        "Is Licensed": "Yes" if use.get("products") else "No",
        "Report Period": period,
    }


def _apps_columns() -> tuple[str, ...]:
    return (
        *("Report Refresh Date", "User Principal Name", "Last Activation Date"),
        *("Last Activity Date", "Report Period", *_PLATFORMS, *_APPS),
        *(f"{app} ({platform})" for platform in _PLATFORMS for app in _APPS),
    )


def _apps_row(use: Use, period: str) -> dict[str, object]:
    used = use.get("platforms", ())
    return {
        **_who(use),
        "Last Activation Date": use.get("activated"),
        "Last Activity Date": use.get("apps"),
        "Report Period": period,
        **{p: "Yes" if p in used else "No" for p in _PLATFORMS},
        **dict.fromkeys(_APPS, "Yes" if used else "No"),
        **{
            f"{a} ({p})": "Yes" if p in used else "No"
            for p in _PLATFORMS
            for a in _APPS
        },
    }


REPORTS = (
    UsageReport("getOffice365ActiveUserDetail", _office_columns(), _office_row),
    UsageReport(
        "getTeamsUserActivityUserDetail", tuple(_TEAMS_COLUMNS.split(",")), _teams_row
    ),
    UsageReport("getM365AppUserDetail", _apps_columns(), _apps_row),
)


def concealed(use: Use) -> Use:
    """Return what a person did without who it was: hashes in place of names."""
    digest = hashlib.sha256(str(use["principal_name"]).encode()).hexdigest().upper()
    return use | {
        "id": f"00000000-0000-0000-0000-{digest[:12]}",
        "principal_name": digest[:32],
        "name": digest[32:],
    }


def pieces(
    report: UsageReport, uses: Iterable[Use], period: str, refreshed: date
) -> Iterator[bytes]:
    """Yield the file in pieces: a byte order mark, a line of columns, the rows."""
    text = io.StringIO()
    lines = csv.DictWriter(text, report.columns, restval="", extrasaction="ignore")
    text.write("\ufeff")
    lines.writeheader()
    days = period.removeprefix("D")
    for count, use in enumerate(uses, 1):
        row = report.row(use, days)
        lines.writerow({"Report Refresh Date": refreshed} | row)
        if count % _BATCH == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    """Take out what was written so far."""
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece
