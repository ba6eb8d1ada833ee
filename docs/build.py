"""Build the documentation site: hand-written pages, and pages made from the code itself.

``python -m docs.build`` writes ``build/docs``. What the code knows (schema, points, KPI
catalogue, rule rows, quality rules) is never written by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from docs import generated

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "build" / "docs-source"


def write_sources() -> None:
    """Collect the pages: copied from ``docs/pages``, the rest generated."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "pages", SOURCE)
    shutil.copy(ROOT / "docs" / "architecture.md", SOURCE / "architecture.md")
    shutil.copy(ROOT / "CHANGELOG.md", SOURCE / "changes.md")
    for name, page in generated.pages().items():
        (SOURCE / name).write_text(page, encoding="utf-8")


def main() -> int:
    """Write the sources and run the site generator, strictly: a broken link is an error."""
    write_sources()
    config = ROOT / "docs" / "mkdocs.yml"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", str(config)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    code = subprocess.run(command, check=False, env=quiet).returncode
    if code == 0:
        print(f"documentation: {ROOT / 'build' / 'docs' / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
