"""What goes wrong between Gatehouse and Graph, worded once for people.

Every error says Graph's request-id where there is one: Microsoft's support asks for it.
"""

from datetime import timedelta
from enum import StrEnum

from bot.domain.directory import DataSet
from bot.domain.errors import BotError


class GraphError(BotError):
    """Graph refused or failed.

    Attributes:
        status: HTTP status, None where no answer came.
        graph_code: Graph's own error code, "" where it gave none.
        request_id: Graph's request-id, None where no answer came.
    """

    code = "graph_error"

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        status: int | None = None,
        graph_code: str = "",
        request_id: str | None = None,
    ) -> None:
        told = f" (request-id {request_id})" if request_id else ""
        super().__init__(f"{message}{told}", remedy=remedy)
        self.status, self.graph_code = status, graph_code
        self.request_id = request_id


class PermissionMissingError(GraphError):
    """The token lacks the application permission that a call needs; `role` names it."""

    code = "permission_missing"

    def __init__(
        self,
        role: str,
        *,
        status: int | None = None,
        graph_code: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(
            f"The app has not been granted {role}.",
            remedy=f"Add {role} as an Application permission on the app "
            "registration's API permissions page, and grant admin consent.",
            status=status,
            graph_code=graph_code,
            request_id=request_id,
        )
        self.role = role


class PrivilegedTargetError(GraphError):
    """The permission is there, but the target is an administrator or alike."""

    code = "privileged_target"


class TokenRefusedError(GraphError):
    """Graph refused a fresh token as well."""

    code = "token_refused"


class ObjectNotFoundError(GraphError):
    """The object is gone, or not everywhere in the directory yet."""

    code = "object_not_found"


class UnlicensedError(GraphError):
    """The tenant has no licence for what was asked."""

    code = "unlicensed"


class ThrottledError(GraphError):
    """Graph asks for a longer pause than this call may take.

    Attributes:
        retry_after: how long Graph asks to wait; None where it did not say.
    """

    code = "throttled"

    def __init__(
        self,
        retry_after: timedelta | None,
        *,
        request_id: str | None = None,
    ) -> None:
        wait = (
            f"{retry_after.total_seconds():.0f} seconds" if retry_after else "a while"
        )
        super().__init__(
            "Microsoft Graph throttles this tenant at the moment.",
            remedy=f"Wait {wait}, then try again.",
            status=429,
            graph_code="TooManyRequests",
            request_id=request_id,
        )
        self.retry_after = retry_after


class UnavailableError(GraphError):
    """Graph could not be reached, or kept failing; nothing was changed."""

    code = "unavailable"


class UnknownOutcomeError(GraphError):
    """The answer to a write was lost: it may have been carried out or not.

    The caller must read the object back before it repeats the write.
    """

    code = "unknown_outcome"


class WriteRefusal(StrEnum):
    """Why the directory will not carry out a write that it understood."""

    SYNCED = "synced"  # mastered by an on-premises directory
    MAIL_ENABLED = "mail_enabled"  # only Exchange may change it
    DYNAMIC = "dynamic"  # membership follows a rule
    LAST_OWNER = "last_owner"
    NOT_A_MEMBER = "not_a_member"
    DEFAULT_METHOD = "default_method"
    ALTERNATE_PHONE_FIRST = "alternate_phone_first"
    OTHER = "other"


class WriteRefusedError(GraphError):
    """A rule of the directory stands against a write; `reason` says which."""

    code = "write_refused"

    def __init__(
        self,
        reason: WriteRefusal,
        message: str,
        *,
        remedy: str,
        status: int | None = None,
        graph_code: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(
            message,
            remedy=remedy,
            status=status,
            graph_code=graph_code,
            request_id=request_id,
        )
        self.reason = reason


class DefaultMethodError(WriteRefusedError):
    """The default authentication method goes only when it is the last one."""

    code = "default_method"


class ForeignLinkError(GraphError):
    """A next link leads to another host; following it would give away the token."""

    code = "foreign_link"


class UnreadableAnswerError(GraphError):
    """An answer that is not Graph's: no JSON, or of another shape."""

    code = "unreadable_answer"


class UnreadablePageError(UnreadableAnswerError):
    """A page of a data set that is no JSON: cut, or something else's page."""

    code = "unreadable_page"

    def __init__(self, data_set: DataSet) -> None:
        super().__init__(
            f"A page of {_words(data_set)} came cut off, or is not Microsoft Graph's.",
            remedy="It is read again by itself; if this stays, look for a proxy or a "
            "sign-in portal between Gatehouse and Microsoft.",
        )
        self.data_set = data_set


class UnreadableFieldError(UnreadableAnswerError):
    """A field that has another type than Microsoft documents.

    Attributes:
        field: its name, with dots where it is inside another.
    """

    code = "unreadable_field"

    def __init__(self, data_set: DataSet, field: str, what: str) -> None:
        super().__init__(
            f"{field} in {_words(data_set)} cannot be read: {what}.",
            remedy="Microsoft may have changed this field: update Gatehouse, or report "
            "this sentence.",
        )
        self.data_set, self.field = data_set, field


class NotInCloudError(GraphError):
    """This cloud's Graph does not have the collection that was asked for."""

    code = "not_in_cloud"

    def __init__(self, refusal: GraphError) -> None:
        super().__init__(
            "This cloud's Microsoft Graph does not have this.",
            remedy="Nothing to do; it is looked for again at each full read.",
            status=refusal.status,
            graph_code=refusal.graph_code,
            request_id=refusal.request_id,
        )


class DeltaExpiredError(GraphError):
    """Changes since the last read can no longer be told: everything is read again."""

    code = "delta_expired"

    def __init__(self, refusal: GraphError) -> None:
        super().__init__(
            "Microsoft Graph no longer knows where the last read ended.",
            remedy="Nothing to do: everything is read again, beside what is stored.",
            status=refusal.status,
            graph_code=refusal.graph_code,
            request_id=refusal.request_id,
        )


class QuestionRefusedError(GraphError):
    """Graph does not take this filter here; the question can be put another way."""

    code = "question_refused"

    def __init__(self, refusal: GraphError) -> None:
        super().__init__(
            refusal.message,
            remedy=refusal.remedy,
            status=refusal.status,
            graph_code=refusal.graph_code,
        )


class EndlessListError(GraphError):
    """A list that goes on and on; what was read of it cannot be taken as whole."""

    code = "endless_list"

    def __init__(self, pages: int) -> None:
        super().__init__(
            f"A list from Microsoft Graph did not end within {pages} pages.",
            remedy="Look for a proxy that repeats answers between Gatehouse and "
            "Microsoft.",
        )


def _words(data_set: DataSet) -> str:
    return data_set.value.replace("_", " ")
