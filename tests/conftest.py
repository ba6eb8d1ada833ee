"""Settings of all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes depends on the machine and its load; it is not what a test is about.
settings.register_profile("diwen", deadline=None)
# A gate repeats its examples; whoever works on the code draws new ones at every run.
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "diwen")


@pytest.fixture(autouse=True)
def language_of_this_test_only() -> Iterator[None]:
    """A command with ``--language`` sets it for its process; the next test has none."""
    before = os.environ.get("DIWEN_LANGUAGE")
    yield
    if before is None:
        os.environ.pop("DIWEN_LANGUAGE", None)
    else:
        os.environ["DIWEN_LANGUAGE"] = before
