"""What each AADSTS code means for the person who connects a tenant.

Source: "Microsoft Entra authentication and authorization error codes". The page warns
that codes may change, so an unknown one must be told as well (see signin_errors).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.tenants import Field


@dataclass(frozen=True)
class SignInWords:
    """One code in words.

    Attributes:
        field: the modal's field that is most likely wrong; None where none is.
        is_transient: a later try may work without anybody doing anything.
    """

    message: str
    remedy: str
    field: Field | None = None
    is_transient: bool = False


_OUR_FAULT = SignInWords(
    "Microsoft did not understand Gatehouse's sign-in request.",
    "This is a fault of Gatehouse: report it with the code and correlation ID.",
)
_OTHER_CLOUD = SignInWords(
    "This tenant belongs to another national cloud.",
    "Choose the tenant's own cloud.",
    Field.CLOUD,
)
_BUSY = SignInWords(
    "Microsoft's sign-in service is busy.",
    "Try again in a minute.",
    is_transient=True,
)
_FEDERATED = SignInWords(
    "The app's federated credential does not match.",
    "Sign in with a client secret or a certificate instead.",
    Field.SIGN_IN,
)
_CERTIFICATE_REFUSED = SignInWords(
    "Microsoft does not accept this certificate for the app.",
    "Upload the certificate under Certificates & secrets of this app registration, "
    "and paste that certificate with its key.",
    Field.CERTIFICATE,
)
_CONSENT = SignInWords(
    "An administrator has not consented to the app.",
    "Grant admin consent on the app registration's API permissions page.",
)
_BLOCKED = SignInWords(
    "The tenant's security rules block this sign-in.",
    "Ask an administrator of the tenant to look at the app's service principal "
    "sign-ins, and to allow Gatehouse.",
)

SIGN_IN_WORDS: Mapping[int, SignInWords] = MappingProxyType(
    {
        7000215: SignInWords(
            "The client secret is wrong.",
            "Copy the Value of the secret, not its Secret ID. It is shown only once; "
            "if it is gone, add a new secret.",
            Field.SECRET,
        ),
        7000222: SignInWords(
            "The client secret has expired.",
            "Add a new secret under Certificates & secrets, and give Gatehouse its "
            "Value: by /entra rotate where the tenant is connected already.",
            Field.SECRET,
        ),
        7000216: _OUR_FAULT,
        7000218: _OUR_FAULT,
        700016: SignInWords(
            "The tenant does not know this app.",
            "Check the Application (client) ID, that it is not swapped with the "
            "tenant ID, and that the tenant and the cloud are right.",
            Field.CLIENT_ID,
        ),
        700038: SignInWords(
            "This is not a valid application ID.",
            "Copy the Application (client) ID from the app registration's Overview.",
            Field.CLIENT_ID,
        ),
        7000229: SignInWords(
            "The app is registered, but has no service principal in this tenant.",
            "Grant admin consent once on the API permissions page; that makes the "
            "enterprise application.",
        ),
        7000112: SignInWords(
            "The app is switched off in this tenant.",
            'Open it under Enterprise applications, Properties, and set "Enabled for '
            'users to sign in" to Yes.',
        ),
        90002: SignInWords(
            "There is no such tenant in this cloud.",
            "Check the Directory (tenant) ID, and that the cloud is the tenant's own.",
            Field.TENANT_ID,
        ),
        900023: SignInWords(
            "The tenant ID is neither a GUID nor a domain.",
            "Copy the Directory (tenant) ID from the app registration's Overview.",
            Field.TENANT_ID,
        ),
        90038: _OTHER_CLOUD,
        900382: _OTHER_CLOUD,
        900432: _OTHER_CLOUD,
        9001023: _OUR_FAULT,
        90130: _OUR_FAULT,
        500011: SignInWords(
            "This tenant does not know Microsoft Graph at this cloud's address.",
            "Choose the tenant's own cloud.",
            Field.CLOUD,
        ),
        650052: SignInWords(
            "The tenant lacks the service or subscription behind an API that the app "
            "asks for.",
            "Remove that API from the app registration, or subscribe to the service.",
        ),
        65001: _CONSENT,
        65004: _CONSENT,
        65005: _CONSENT,
        90093: _CONSENT,
        90094: _CONSENT,
        90095: _CONSENT,
        900941: _CONSENT,
        900981: _CONSENT,
        50034: SignInWords(
            "The account does not exist in this tenant.",
            "Check the Directory (tenant) ID.",
            Field.TENANT_ID,
        ),
        53003: SignInWords(
            "A Conditional Access policy blocks the app where Gatehouse runs.",
            "Exclude the app from the policy for workload identities, or allow the "
            "address from which Gatehouse reaches the internet.",
        ),
        530035: _BLOCKED,
        53011: _BLOCKED,
        700027: _CERTIFICATE_REFUSED,
        700024: SignInWords(
            "Microsoft found Gatehouse's proof of its certificate too old or too new.",
            "Set the clock of the machine that Gatehouse runs on, by NTP.",
        ),
        700030: _CERTIFICATE_REFUSED,
        50012: _CERTIFICATE_REFUSED,
        700211: _FEDERATED,
        700213: _FEDERATED,
        70021: _FEDERATED,
        1002012: _OUR_FAULT,
        70011: _OUR_FAULT,
        50196: SignInWords(
            "Microsoft refuses more tokens for a while: too many were asked for.",
            "Wait some minutes, then try again.",
            is_transient=True,
        ),
        90033: _BUSY,
        90090: _BUSY,
        50033: _BUSY,
        90024: _BUSY,
        90006: _BUSY,
        50087: _BUSY,
        90055: SignInWords(
            "Microsoft throttles this tenant.",
            "Try again in a few minutes.",
            is_transient=True,
        ),
    }
)

# After an upload the new certificate is not known everywhere at once.
RETRIED_ONCE = frozenset({700027})
