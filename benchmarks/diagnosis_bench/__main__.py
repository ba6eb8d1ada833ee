"""``python -m benchmarks.diagnosis_bench [--points …] [--seeds N] [--plants …] [--out FILE]``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

from benchmarks.diagnosis_bench.cases import BEGIN, FURTHER, HEALTHY, MATRIX, PAIRS, Injection
from benchmarks.diagnosis_bench.outcome import Outcome, failed, families_said, outcome_of
from benchmarks.diagnosis_bench.plants import PLANTS, BenchPlant, possible, record_run, truth
from benchmarks.diagnosis_bench.table import table
from diwen.diagnosis.diagnose_site import diagnose_record
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.diagnosis.record.stretch import part_of
from diwen.site import Site

Job = tuple[BenchPlant, Injection, str, int]
# After the onset; a plant is asked at these ages, as a monthly update would.
MONTHS = (1, 2, 3, 6, 12, 24, 60)


def jobs(arguments: argparse.Namespace) -> Iterator[Job]:
    """Every case on every plant that can have it; healthy plants more often."""
    for points in arguments.points:
        for plant in PLANTS:
            if arguments.plants and plant.name not in arguments.plants:
                continue
            for seed in range(arguments.seed, arguments.seed + arguments.seeds):
                for injection in (*MATRIX, *PAIRS, *FURTHER):
                    wanted = not arguments.cases or injection.name in arguments.cases
                    if possible(plant, injection, points) and wanted:
                        yield plant, injection, points, seed
            for seed in range(arguments.seed, arguments.seed + arguments.healthy):
                yield plant, HEALTHY, points, seed


def run(job: Job) -> Outcome:
    """One case; one that ends in an exception is an outcome as well."""
    plant, injection, points, seed = job
    try:
        return _run(job)
    except Exception as error:  # the bench shows it and goes on
        return failed(plant.name, injection, points, seed, error)


def _run(job: Job) -> Outcome:
    """The record, the diagnosis, both beside each other."""
    plant, injection, points, seed = job
    site, simulation = record_run(plant, injection, points, seed)  # type: ignore[arg-type]
    record = record_of_simulation(simulation)
    begin = time.process_time()
    diagnosis = diagnose_record(site, record)
    seconds = time.process_time() - begin
    costs = truth(plant, injection, simulation)
    months = months_to_detect(site, record, injection)
    return outcome_of(plant.name, injection, points, seed, diagnosis, costs, seconds, months)


def months_to_detect(site: Site, record: OperatingRecord, injection: Injection) -> float | None:
    """Months from the onset to the first record whose diagnosis suspects what is expected.

    Longer and longer parts of the record are diagnosed (:data:`MONTHS` after the onset). None:
    nothing is expected, or it is never suspected.
    """
    onset = injection.onset
    if onset is None or not injection.expected:
        return None
    wanted = {family for group in injection.expected for family in group}
    for months in MONTHS:
        until = BEGIN + timedelta(days=round(365.0 * onset + 30.44 * months))
        part = part_of(record, None, until)
        if not len(part):
            continue
        found = diagnose_record(site, part, attribution=False)
        if wanted & set(families_said(found, injection)[1]):
            return float(months)
        if len(part) == len(record):
            break
    return None


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
    parser.add_argument("--out", type=Path, help="JSON lines, as they come")
    parser.add_argument("--table", type=Path, help="JSON lines of a run: only the table")
    arguments = parser.parse_args()
    if arguments.table:
        lines = arguments.table.read_text(encoding="utf-8").splitlines()
        print(table([Outcome(**json.loads(line)) for line in lines]))
        return
    done: list[Outcome] = []
    if arguments.out:
        arguments.out.write_text("", encoding="utf-8")
    with ProcessPoolExecutor(arguments.processes) as pool:
        for outcome in pool.map(run, jobs(arguments)):
            done.append(outcome)
            if arguments.out:
                with arguments.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(outcome.as_dict()) + "\n")
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
                outcome.error or outcome.found,
                f"{outcome.seconds:.1f} s",
                flush=True,
            )
    print(table(done))


if __name__ == "__main__":
    main()
