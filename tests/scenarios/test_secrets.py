"""What is typed in the secret's field is found nowhere afterwards."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from sandbox.graph.control_view import bot_app
from sandbox.graph.portal import Portal
from tests.scenarios.office import CONNECTION, Office, open_office
from tests.scenarios.people import ADA, ALERTS, CLIENT_ID, SECRET
from tests.scenarios.screen import input_labelled, typed

WRONG_SECRET = "qr57Q~wrongSECRETvalue-not-real-01234567"


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """A file with every log line at the chattiest level, before any redaction.

    Redaction has tests of its own; here a secret may not even be handed to a logger.
    """
    path = tmp_path / "everything.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ]
        )
    )
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(as_json=True, level="DEBUG")
    root.handlers[:] = [handler]
    yield path
    handler.close()
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def everything_stored(folder: Path) -> bytes:
    """All bytes below the data folder: tables, workflow tables, write-ahead log."""
    return b"".join(
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    )


def everything_logged(path: Path) -> str:
    """All log lines."""
    return path.read_text(encoding="utf-8")


def everything_sent_to_slack(office: Office) -> str:
    """Arguments of all Web API calls, and every ack's body."""
    acks = "".join(repr(stack) for stack in office.modals(ADA))
    return repr([call.args for call in office.slack.log.calls]) + acks


async def lives_with_secrets(office: Office) -> list[str]:
    """A wrong secret, the right one, a rotation, a certificate, errors, a restart.

    Returns:
        All that must be found nowhere.
    """
    await office.types(ADA, "/entra connect")
    await office.sees_modal(ADA, "Client secret value")
    await office.submits(ADA, **{**CONNECTION, "secret": WRONG_SECRET})
    await office.sees_modal(ADA, "Not connected")
    await office.submits(ADA, secret=SECRET)
    await office.sees_message(ALERTS, "Contoso Ltd")
    await office.sees_modal(ADA, "Tenant connected")
    rotated = new_secret(office)
    await office.types(ADA, "/entra rotate")
    await office.sees_modal(ADA, "Client secret value")
    await office.submits(ADA, secret=rotated)
    await office.sees_modal(ADA, "otated")
    office.entra.faults.login_error(7000222, times=1)
    await office.types(ADA, "/entra status")
    await office.restarts()
    await office.types(ADA, "/entra permissions")
    await office.is_told(ADA, "Deprovisioning")
    return [WRONG_SECRET, SECRET, rotated]


def new_secret(office: Office) -> str:
    """Ada makes a new secret in the portal."""
    wanted = {"app": CLIENT_ID, "add_secret": {"displayName": "2027", "days": 365}}
    return str(Portal(office.entra).app(wanted)["secretText"])


async def test_a_secret_is_found_nowhere(tmp_path: Path, written: Path) -> None:
    data = tmp_path / "data"
    async with open_office(data) as office:
        secrets = await lives_with_secrets(office)
        sent = everything_sent_to_slack(office)
    logged, stored = everything_logged(written), everything_stored(data)

    assert '"ready"' in logged, "the log file caught nothing"
    assert b"Contoso" in stored, "the data folder was not read"
    for secret in secrets:
        assert secret not in sent
        assert secret.encode() not in stored
        assert secret not in logged


async def test_a_private_key_is_found_nowhere(tmp_path: Path, written: Path) -> None:
    data = tmp_path / "data"
    async with open_office(data) as office:
        pem = str(bot_app(office.entra.tenant)["certificate_pem"])
        await office.types(ADA, "/entra connect")
        await office.sees_modal(ADA, "Sign in with")
        await chooses_certificate(office)
        fields = {**CONNECTION, "certificate": pem}
        del fields["secret"]
        await office.submits(ADA, **fields)
        await office.sees_message(ALERTS, "Contoso Ltd")
        sent = everything_sent_to_slack(office)
    logged, stored = everything_logged(written), everything_stored(data)

    key = pem.partition("PRIVATE KEY-----")[2]
    for line in key.splitlines()[1:4]:
        assert line not in sent
        assert line.encode() not in stored
        assert line not in logged


async def chooses_certificate(office: Office) -> None:
    """Ada switches "Sign in with"; the form is drawn anew."""
    view = office.modal(ADA)
    element = input_labelled(view, "Sign in with")["element"]
    await office.slack.click(
        ADA,
        element["action_id"],
        view_id=view["id"],
        type="radio_buttons",
        **{"selected_option": typed(element, "Certificate")["selected_option"]},
    )
    await office.sees_modal(ADA, "Certificate and private key (PEM)")
