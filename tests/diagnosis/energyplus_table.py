"""Every fault in every plant that EnergyPlus runs, as the table of the documents.

    python tests/diagnosis/energyplus_table.py [--kept FOLDER] [--base NAME] [--seed N]

Each run of EnergyPlus takes about half a minute; ``--kept`` holds them for the next time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "twin")]

from energyplus_cases import FAULTS, Runner, bases, present  # noqa: E402
from energyplus_diagnosis import Said, say, site_of  # noqa: E402
from energyplus_telemetry import USUAL  # noqa: E402

HEAD = (
    "| plant | fault | first | right | must not become | kept | found |\n"
    "|---|---|---|---|---|---|---|"
)


def all_said(kept: Path | None, name: str, seed: int) -> Iterator[Said]:
    """What is said of every fault that is one in the plant."""
    runner = Runner(kept)
    for base in bases(kept, name):
        with tempfile.TemporaryDirectory() as folder:
            site = site_of(base, Path(folder))
            for fault in FAULTS:
                if present(base, fault, runner):
                    yield say(site, base, fault, runner, USUAL, seed)


def row(said: Said) -> str:
    """One line of the table."""
    found = ", ".join(
        f"{one.parameter} {one.value:.3g} ({100 * one.probability:.0f} %)"
        for one in said.diagnosis.found
    )
    cells = (
        said.base, said.fault.name, said.first or "nothing", "yes" if said.right else "NO",
        ", ".join(said.fault.never) or "–", "yes" if said.kept else "NO", found or "–",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path, help="folder that keeps the runs")
    parser.add_argument("--base", default="", help="office or hotel; both without")
    parser.add_argument("--seed", type=int, default=0, help="of the errors of instruments")
    given = parser.parse_args()
    if given.kept is not None:
        given.kept.mkdir(parents=True, exist_ok=True)
    print(HEAD, flush=True)
    runs = right = kept = 0
    for said in all_said(given.kept, given.base, given.seed):
        print(row(said), flush=True)
        runs, right, kept = runs + 1, right + said.right, kept + said.kept
    print(f"\n{runs} runs: right first {right}, kept {kept}")


if __name__ == "__main__":
    main()
