"""Tables of the audit trail."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from store.tables import Table
from store.types import UtcDateTime, long_text


class AuditEntryRow(Table, table=True):
    """One fact of the audit trail, sealed by a hash over it and the row before.

    Never changed and never deleted: triggers refuse both. Never holds a secret, a
    token or a certificate. `facts` is canonical JSON as text, since what is hashed
    must come back byte for byte.
    """

    __tablename__ = "audit_entry"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    workspace_id: str = Field(index=True)
    actor: str
    action: str
    subject: str = Field(index=True)
    facts: str = Field(sa_type=long_text())
    previous_hash: str
    hash: str


class AuditHeadRow(Table, table=True):
    """Where the audit trail ends: its only row shows if the newest entries are gone.

    Never deleted and never set back; triggers refuse both.
    """

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int  # of the newest entry; 0 before the first
    hash: str
