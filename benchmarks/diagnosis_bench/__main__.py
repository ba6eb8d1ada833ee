"""``python -m benchmarks.diagnosis_bench [--points …] [--seeds N] [--plants …] [--out FILE]``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.diagnosis_bench.cases import FURTHER, HEALTHY, MATRIX, PAIRS, Injection
from benchmarks.diagnosis_bench.outcome import Outcome, outcome_of
from benchmarks.diagnosis_bench.plants import PLANTS, BenchPlant, possible, record_run, truth
from benchmarks.diagnosis_bench.table import table
from diwen.diagnosis.diagnose_site import diagnose_record
from diwen.diagnosis.record.from_simulation import record_of_simulation

Job = tuple[BenchPlant, Injection, str, int]


def jobs(arguments: argparse.Namespace) -> Iterator[Job]:
    """Every case on every plant that can have it; healthy plants more often."""
    for points in arguments.points:
        for plant in PLANTS:
            if arguments.plants and plant.name not in arguments.plants:
                continue
            for seed in range(arguments.seed, arguments.seed + arguments.seeds):
                for injection in (*MATRIX, *PAIRS, *FURTHER):
                    wanted = not arguments.cases or injection.name in arguments.cases
                    if possible(plant, injection) and wanted:
                        yield plant, injection, points, seed
            for seed in range(arguments.seed, arguments.seed + arguments.healthy):
                yield plant, HEALTHY, points, seed


def run(job: Job) -> Outcome:
    """One case: the record, the diagnosis, both beside each other."""
    plant, injection, points, seed = job
    site, simulation = record_run(plant, injection, points, seed)  # type: ignore[arg-type]
    record = record_of_simulation(simulation)
    begin = time.process_time()
    diagnosis = diagnose_record(site, record)
    seconds = time.process_time() - begin
    costs = truth(plant, injection, simulation)
    return outcome_of(plant.name, injection, points, seed, diagnosis, costs, seconds)


def main() -> None:
    """Run, print each line as it comes, and the table at the end."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diagnosis_bench")
    parser.add_argument("--points", nargs="*", default=["standard", "full"])
    parser.add_argument("--seeds", type=int, default=1, help="of every case")
    parser.add_argument("--seed", type=int, default=1, help="first")
    parser.add_argument("--healthy", type=int, default=4, help="healthy runs of each plant")
    parser.add_argument("--plants", nargs="*", help=", ".join(one.name for one in PLANTS))
    parser.add_argument("--cases", nargs="*")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", type=Path, help="JSON lines")
    arguments = parser.parse_args()
    done: list[Outcome] = []
    with ProcessPoolExecutor(arguments.processes) as pool:
        for outcome in pool.map(run, jobs(arguments)):
            done.append(outcome)
            mark = "ok " if outcome.right and outcome.kept and outcome.complete else "NO "
            print(
                mark,
                outcome.points,
                "|",
                outcome.plant,
                "|",
                outcome.case,
                "|",
                outcome.first or "-",
                outcome.found,
                f"{outcome.seconds:.1f} s",
                flush=True,
            )
    if arguments.out:
        lines = (json.dumps(one.as_dict()) for one in done)
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(table(done))


if __name__ == "__main__":
    main()
