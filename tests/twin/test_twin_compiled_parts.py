"""What the compiled march is made of: a kept march must not outlive the functions that it calls."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from diwen.twin import march_compiled

HERE = Path(march_compiled.__file__).parent


def test_the_march_names_the_code_that_it_calls() -> None:
    """Compiled code is kept by the text of its own file alone; so that text holds a digest.

    After a change in one of these files write the digest of this message into ``march_compiled``.
    """
    tree = ast.parse(Path(march_compiled.__file__).read_text(encoding="utf-8"))
    called = sorted(
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).endswith("_compiled")
    )
    assert len(called) >= 4
    digest = hashlib.sha256()
    for name in (*called, "diwen.twin.packed_columns"):
        digest.update((HERE / f"{name.rpartition('.')[2]}.py").read_bytes())
    assert digest.hexdigest()[:16] == march_compiled.CALLED
