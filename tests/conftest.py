"""What all tests share."""

from hypothesis import HealthCheck, settings

# How fast inputs are made says something about the machine's load, nothing about us.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")
