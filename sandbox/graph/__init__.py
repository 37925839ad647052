"""The simulator of Microsoft Entra ID sign-in and of Microsoft Graph v1.0."""

from sandbox.graph.app import entra_app
from sandbox.graph.entra import Entra

__all__ = ["Entra", "entra_app"]
