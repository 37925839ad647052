"""Tables of offboarding requests and their steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from bot.domain.offboarding import RequestStatus, StepStatus
from bot.domain.plans import Action
from store.tables import Table
from store.types import Guid, UtcDateTime, long_text, words

_OPEN = "status IN ('pending', 'approved', 'running')"


class OffboardingRequestRow(Table, table=True):
    """A request to offboard one leaver, with the plan that its approval binds to.

    Never holds anything that signs in. `plan` is canonical JSON; its hash is `digest`,
    checked at every read, so an edited plan is never carried out.
    """

    __tablename__ = "offboarding_request"
    __table_args__ = (
        Index(
            "uq_offboarding_request_open",
            "connection_id",
            "leaver_object_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_offboarding_request_status_expires_at", "status", "expires_at"),
    )

    id: UUID = Field(primary_key=True, sa_type=Guid)
    workspace_id: str
    connection_id: UUID = Field(sa_type=Guid, foreign_key="tenant.id", index=True)
    requester: str
    leaver_object_id: UUID = Field(sa_type=Guid)
    leaver_name: str
    leaver_slack_id: str | None = None
    plan: str = Field(sa_type=long_text())
    digest: str
    status: RequestStatus = Field(sa_type=words(RequestStatus))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    approvals_channel: str
    reason: str = Field(sa_type=long_text())
    ticket: str
    run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision_reason: str = Field(sa_type=long_text())
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    supersedes: UUID | None = Field(
        default=None, sa_type=Guid, foreign_key="offboarding_request.id", index=True
    )
    run: int


class OffboardingStepRow(Table, table=True):
    """How one planned change of a request stands.

    Never decides what is changed: the target comes from the request's plan, and the
    columns that repeat it are for people who read with SQL. Never holds a phone
    number, key or other authentication method, only its ID and label.
    """

    __tablename__ = "offboarding_step"

    request_id: UUID = Field(
        primary_key=True,
        sa_type=Guid,
        foreign_key="offboarding_request.id",
        ondelete="CASCADE",
    )
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str
    action: Action = Field(sa_type=words(Action))
    target_name: str
    status: StepStatus = Field(sa_type=words(StepStatus))
    detail: str = Field(sa_type=long_text())
    graph_request_id: str | None = None
    attempts: int
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
