"""Settings for all tests: on a build machine hypothesis draws the same examples in every run."""

import os

from hypothesis import settings

settings.register_profile("build", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("build")
