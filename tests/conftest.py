"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

# How fast inputs are made says something about the machine's load, nothing about us.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)  # after fixtures of a session have drawn tests together
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files of slow tests: at the end one worker would wait for another."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
