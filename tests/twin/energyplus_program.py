"""EnergyPlus from its wheel, in a folder and a process of its own: input text in, hours out.

The wheel ``pyenergyplus-lbnl`` carries the program, prototype buildings and weather files. The
program writes to standard output and into the working folder; neither is ours.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SPEC = find_spec("pyenergyplus")
DATA = Path(_SPEC.origin).parent / "data" if _SPEC and _SPEC.origin else Path()
_RUN = """
import sys
from pyenergyplus.api import EnergyPlusAPI
api = EnergyPlusAPI()
state = api.state_manager.new_state()
{before}
sys.exit(api.runtime.run_energyplus(state, sys.argv[1:]))
"""
# Hour by hour into a schedule that the input file holds constant: files of schedules hold one year.
_SCHEDULE = """
values = [float(line) for line in open("{name}.txt")]
place = [0]
def given(state):
    if not api.exchange.api_data_fully_ready(state) or api.exchange.warmup_flag(state):
        return
    handle = api.exchange.get_actuator_handle(
        state, "Schedule:Constant", "Schedule Value", "{name}"
    )
    assert handle > 0
    hour = place[0] // api.exchange.num_time_steps_in_hour(state)
    api.exchange.set_actuator_value(state, handle, values[min(hour, len(values) - 1)])
    place[0] += 1
api.runtime.callback_begin_zone_timestep_before_set_current_weather(state, given)
"""


def run_energyplus(
    text: str, weather: str, folder: Path, schedules: dict[str, Floats] | None = None
) -> dict[tuple[str, str], Floats]:
    """Hourly series of a run, by (name of the object, name of the variable), in upper case.

    Parameters
    ----------
    text : of the input file; files that it names stand in ``folder``
    weather : name of a weather file of the wheel
    folder : to work in
    schedules : at most one; values by hour of all years for the constant schedule of that name
    """
    before = ""
    for name, values in (schedules or {}).items():
        np.savetxt(folder / f"{name}.txt", values, "%.6f")
        before = _SCHEDULE.format(name=name)
    (folder / "in.idf").write_text(text, encoding="utf-8")
    options = ["-w", str(DATA / "weather" / weather), "-d", "out", "in.idf"]
    command = [sys.executable, "-c", _RUN.format(before=before), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = folder / "out" / "eplusout.err"
    said = report.read_text(encoding="utf-8") if report.exists() else done.stderr
    assert done.returncode == 0, said
    assert "EnergyPlus Completed Successfully" in said, said
    return hours_of_eso(folder / "out" / "eplusout.eso")


def hours_of_eso(path: Path) -> dict[tuple[str, str], Floats]:
    """All hourly series of the native output, every year of it, design days left out."""
    names: dict[str, tuple[str, str]] = {}
    values: dict[str, list[float]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("End of Data Dictionary"):
                break
            parts = line.rstrip().split(",")
            if len(parts) > 3 and "!Hourly" in line:
                variable = line.split(",", 3)[3].split(" [")[0]
                names[parts[0]] = (parts[2].upper(), variable.upper())
                values[parts[0]] = []
        for line in lines:
            number, _, value = line.partition(",")
            if number in values:
                values[number].append(float(value))
    return {names[number]: np.array(series) for number, series in values.items()}
