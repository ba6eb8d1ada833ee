"""``import diwen`` stays light: nothing heavy is loaded before it is needed."""

import subprocess
import sys

import pytest

HEAVY = (
    "numpy", "scipy", "polars", "duckdb", "pyarrow", "pandas", "matplotlib", "pint",
    "fastapi", "typst", "pydantic", "jinja2",
)  # fmt: skip


@pytest.mark.parametrize("module", ["diwen", "diwen.quantities", "diwen.rules"])
def test_nothing_heavy_is_imported(module):
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_memory_after_import_is_small():
    code = (
        "import diwen, resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150


def test_help_does_not_load_the_engines():
    code = (
        "import sys; from diwen.cli import build; build(); "
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
