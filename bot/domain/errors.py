"""The errors people meet: what happened, and the one thing to do next.

Worded once, in the class. `code` is for logs and tests; attributes keep the facts.
Modules with errors of one subject only (Graph, sign-in, offboarding) derive from
`BotError` beside that subject's rules.
"""


class BotError(Exception):
    """Root of every error that is told to a person.

    Args:
        message: what happened, one or two sentences, no secret in it.
        remedy: the one thing to do next, an imperative sentence.
    """

    code = "error"

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.brief = message  # for beside a field; subclasses leave references out
        self.remedy = remedy


class NotAllowedError(BotError):
    """Somebody may not do what they asked for; the remedy says who may."""

    code = "not_allowed"


class NotFoundError(BotError):
    """The thing a click or command names is not there (any more)."""

    code = "not_found"


class InputError(BotError):
    """Something typed in a field is wrong; `field` names it."""

    code = "bad_input"

    def __init__(self, field: str, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.field = field
