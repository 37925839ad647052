"""A directory of a large company, generated, served as fast as a test needs it.

Everything is a function of an object's number, so that a million objects take no more
memory than their changes do, and a test can tell what every one of them must look like.
"""

from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.server import BulkServer
from sandbox.bulk.shape import Shape

__all__ = ["BulkDirectory", "BulkServer", "Shape"]
