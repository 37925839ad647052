"""When people signed in, and what they registered for it, to rows."""

from datetime import datetime
from uuid import UUID

from bot.domain.activity_rows import RegistrationRow, SignInActivityRow
from bot.graph.decoding.values import Text, Wire, happened, json_text


class _SignInActivity(Wire):
    last_sign_in_date_time: datetime | None = None
    last_non_interactive_sign_in_date_time: datetime | None = None
    last_successful_sign_in_date_time: datetime | None = None


class SignInActivityWire(Wire):
    """A `user` with its `signInActivity`, which is null for who never signed in."""

    id: UUID
    sign_in_activity: _SignInActivity | None = None

    def row(self) -> SignInActivityRow:
        """The activity as stored."""
        activity = self.sign_in_activity or _SignInActivity()
        return SignInActivityRow(
            self.id,
            happened(activity.last_sign_in_date_time),
            happened(activity.last_non_interactive_sign_in_date_time),
            happened(activity.last_successful_sign_in_date_time),
        )


class RegistrationWire(Wire):
    """A `userRegistrationDetails`; its ID is the user's."""

    id: UUID
    user_principal_name: Text | None = None
    is_admin: bool | None = None
    is_mfa_registered: bool | None = None
    is_mfa_capable: bool | None = None
    is_passwordless_capable: bool | None = None
    methods_registered: list[Text] | None = None
    last_updated_date_time: datetime | None = None

    def row(self) -> RegistrationRow:
        """The registration as stored."""
        methods = self.methods_registered
        return RegistrationRow(
            self.id,
            self.user_principal_name,
            self.is_admin,
            self.is_mfa_registered,
            self.is_mfa_capable,
            self.is_passwordless_capable,
            None if methods is None else json_text(sorted(methods)),
            happened(self.last_updated_date_time),
        )
