"""Compiled loops also work where nothing can be kept on disk."""

import subprocess
import sys

CODE = """
import numba.core.caching as caching

def nowhere(self):
    raise OSError("read-only")

caching._CacheLocator.ensure_cache_path = nowhere
import numpy as np
from numba import njit
try:
    njit(cache=True)(lambda x: x)
    raise SystemExit("the compiler kept code where it could not")
except RuntimeError:
    pass
from diwen.sources.borefield.line_source_compiled import depth_factors
edges = np.array([0.0, 50.0, 100.0])
print(depth_factors(edges, edges, np.array([0.1])).shape)
"""


def test_a_service_that_may_not_write_still_computes():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "(1, 2, 2)", done.stderr[-500:]
