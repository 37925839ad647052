"""The sandbox's page: a small workspace to act in, with the tenant beside it."""

from sandbox.page.routes import page_routes

__all__ = ["page_routes"]
