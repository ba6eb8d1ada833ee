"""Settings of all tests."""

import os

from hypothesis import settings

# How long an example takes depends on the machine and its load; it is not what a test is about.
settings.register_profile("diwen", deadline=None)
# A gate repeats its examples; whoever works on the code draws new ones at every run.
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "diwen")
