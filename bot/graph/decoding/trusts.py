"""Trusts in others: federated credentials and identity providers, to rows."""

from uuid import UUID

import msgspec

from bot.domain.activity_rows import FederatedCredentialRow, IdentityProviderRow
from bot.graph.decoding.values import Key, Text, Wire, json_text, kind_of


class FederatedCredentialWire(Wire):
    """A `federatedIdentityCredential`."""

    id: UUID
    name: Text | None = None
    issuer: Text | None = None
    subject: Text | None = None
    audiences: list[Text] | None = None

    def row_in(self, application_id: UUID) -> FederatedCredentialRow:
        """The trust as stored."""
        audiences = self.audiences
        return FederatedCredentialRow(
            self.id,
            application_id,
            self.name,
            self.issuer,
            self.subject,
            None if audiences is None else json_text(sorted(audiences)),
        )


class ApplicationWithTrustsWire(Wire):
    """An app registration with its federated credentials."""

    id: UUID
    federated_identity_credentials: list[FederatedCredentialWire] | None = None

    @property
    def owned(self) -> list[FederatedCredentialWire] | None:
        """The trusts that came with it; None where none were asked for."""
        return self.federated_identity_credentials


class IdentityProviderWire(Wire):
    """An `identityProviderBase`, whichever of its types."""

    id: Key
    display_name: Text | None = None
    identity_provider_type: Text | None = None
    kind: Text | None = msgspec.field(name="@odata.type", default=None)

    def row(self) -> IdentityProviderRow:
        """The provider as stored."""
        return IdentityProviderRow(
            self.id,
            self.display_name,
            kind_of(self.kind),
            self.identity_provider_type,
        )
