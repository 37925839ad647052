"""The simulator of Microsoft Entra ID sign-in and of Microsoft Graph v1.0."""

from sandbox.graph.app import entra_app
from sandbox.graph.control import entra_control_routes
from sandbox.graph.entra import Entra
from sandbox.graph.serve import EntraServer

__all__ = ["Entra", "EntraServer", "entra_app", "entra_control_routes"]
