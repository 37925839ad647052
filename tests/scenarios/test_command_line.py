"""The `gatehouse` command, for scripts and for operators."""

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from sandbox.runner import Sandbox
from tests.places import MANIFEST
from tests.scenarios.people import CLIENT_ID, GENERAL, GUS, SECRET_ID
from tests.scenarios.shell import Shell


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    async with Sandbox(manifest=MANIFEST) as sandbox:
        yield Shell(sandbox, tmp_path)


async def test_a_tenant_is_added_listed_and_removed(shell: Shell) -> None:
    tenant = await shell.added()
    _, listed = await shell("tenant", "list", "--json")
    removed, _ = await shell("tenant", "remove", "Contoso")
    _, after = await shell("tenant", "list")

    assert tenant["display_name"] == "Contoso Ltd"
    assert tenant["verified_domains"][0] == "contoso.example"
    assert tenant["missing"]["deprovisioning"] == [
        "UserAuthenticationMethod.ReadWrite.All"
    ]
    assert tenant["missing"]["directory"] == [], "nobody has to want it"
    assert "AuditLog.Read.All" in tenant["optional"]
    assert [each["id"] for each in json.loads(listed)] == [tenant["id"]]
    assert removed == 0
    assert "No tenant is connected" in after


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": SECRET_ID}, "This is the Secret ID"),
        ({"secret": "qr57Q~wrongSECRETvalue-not-real-01234567"}, "AADSTS7000215"),
        ({"tenant-id": CLIENT_ID}, "are the same"),
        ({"tenant-id": "contoso"}, "not a GUID"),
        ({"alerts-channel": GENERAL}, "is not in this channel"),
        ({"approvers": GUS}, "not a full member"),
        ({"secret-file": "/does/not/exist"}, "Cannot read"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_is_stored(
    changes: dict[str, str], words: str, shell: Shell
) -> None:
    status, said = await shell.adds(**changes)

    assert (status, words in said) == (1, True), said
    assert "Traceback" not in said
    assert changes.get("secret", "no secret given") not in said
    _, listed = await shell("tenant", "list", "--json")
    assert json.loads(listed) == []


async def test_the_same_tenant_twice_is_refused(shell: Shell) -> None:
    await shell.added()

    status, said = await shell.adds()

    assert (status, "already connected" in said) == (1, True), said


async def test_check_finds_everything_right_then_what_is_wrong(shell: Shell) -> None:
    await shell.added()
    good, said = await shell("check")
    shell.sandbox.entra.faults.login_error(7000222, times=99)
    await shell.sandbox.slack.set_fault("missing_scope", True, {"scope": "users:read"})
    bad, wrong = await shell("check")

    assert good == 0, said
    assert "Contoso Ltd" in said
    assert "directory: all needed is granted; optional: Directory.Read.All" in said
    assert "GATEHOUSE_ENCRYPTION_KEYS" in said, "the key file deserves a warning"
    assert bad == 1
    assert "FAIL  Slack scopes: missing: users:read" in wrong
    assert "AADSTS7000222" in wrong


async def test_the_audit_trail_is_verified_exported_and_its_edits_found(
    shell: Shell,
) -> None:
    await shell.added()
    verified, said = await shell("audit", "verify")
    _, exported = await shell("audit", "export", "--format", "json")
    _, table = await shell("audit", "export")
    _edit_the_trail(shell.folder / "data" / "gatehouse.db")
    edited, found = await shell("audit", "verify")

    assert (verified, "holds" in said) == (0, True)
    assert json.loads(exported.splitlines()[0])["action"] == "tenant.connected"
    assert table.splitlines()[0] == "at,workspace,actor,action,subject,facts"
    assert (edited, "breaks at row 1" in found) == (1, True), found


def _edit_the_trail(database: Path) -> None:
    """What somebody with the file and a grudge would do."""
    with sqlite3.connect(database) as connection:
        triggers = connection.execute(
            "SELECT name FROM sqlite_master"
            " WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
        ).fetchall()
        with pytest.raises(sqlite3.DatabaseError, match="append"):
            connection.execute("UPDATE audit_entry SET actor = 'nobody'")
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit_entry SET actor = 'nobody'")
    connection.close()


async def test_keys_are_rotated_and_the_old_one_can_go(shell: Shell) -> None:
    await shell.added()
    old = (shell.folder / "data" / "encryption.key").read_text().strip()
    _, new = await shell("keys", "new")
    shell.settings["GATEHOUSE_ENCRYPTION_KEYS"] = f"{new.strip()},{old}"
    rotated, said = await shell("keys", "rotate")
    shell.settings["GATEHOUSE_ENCRYPTION_KEYS"] = new.strip()
    good, checked = await shell("check")
    _, exported = await shell("audit", "export", "--format", "json")
    shell.settings["GATEHOUSE_ENCRYPTION_KEYS"] = old
    bad, lost = await shell("check")

    assert (rotated, said.startswith("1 credential")) == (0, True), said
    assert good == 0, checked
    assert json.loads(exported.splitlines()[-1])["action"] == "keys.rotated"
    assert bad == 1
    assert "Traceback" not in lost


async def test_the_manifest_is_printed_for_both_modes(shell: Shell) -> None:
    _, socket = await shell("manifest")
    _, http = await shell("manifest", "--http", "https://bot.contoso.example/")
    refused, why = await shell("manifest", "--http", "http://bot.contoso.example")

    assert yaml.safe_load(socket) == yaml.safe_load(MANIFEST.read_text())
    settings = yaml.safe_load(http)["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["interactivity"]["message_menu_options_url"] == (
        "https://bot.contoso.example/slack/events"
    )
    assert (refused, "https" in why) == (1, True)


async def test_the_version_is_told(shell: Shell) -> None:
    status, said = await shell("version")

    assert status == 0
    assert said.strip() == "0.1.0"
