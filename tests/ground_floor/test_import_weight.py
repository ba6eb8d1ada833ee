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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/status")
def test_memory_after_import_is_small():
    # ru_maxrss would carry over what the testing process had before exec.
    code = (
        "import diwen; lines = open('/proc/self/status').read().splitlines(); "
        "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) / 1024 < 150


def test_help_does_not_load_the_engines():
    code = (
        "import sys; from diwen.cli import build; build(); "
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
