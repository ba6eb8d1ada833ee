"""Settings of all tests."""

from hypothesis import settings

# How long an example takes depends on the machine and its load; it is not what a test is about.
settings.register_profile("diwen", deadline=None)
settings.load_profile("diwen")
