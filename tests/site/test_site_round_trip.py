"""Reading what was written gives the same site."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.site import Site, read, write

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPARED = [name for name in Site.model_fields if name not in ("folder", "ledger", "notices")]


def number(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def measure(low: float, high: float, unit: str) -> st.SearchStrategy[str]:
    return number(low, high).map(lambda value: f"{value!r} {unit}")


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


@st.composite
def layers(draw: st.DrawFn) -> list[dict[str, Any]]:
    depths = [0.0, *sorted(draw(st.lists(number(0.5, 200), min_size=1, max_size=4, unique=True)))]
    conductivity = draw(measure(0.5, 5, "W/(m*K)"))
    return [
        {"top": f"{top!r} m", "bottom": f"{bottom!r} m", "conductivity": conductivity}
        for top, bottom in itertools.pairwise(depths)
    ]


SITES = st.fixed_dictionaries(
    {
        "schema": st.just(1),
        "site": st.fixed_dictionaries(
            {
                "name_en": st.text(min_size=1, max_size=20),
                "name_zh": st.text("地温热泵井", min_size=1, max_size=5),
                "kind": st.sampled_from(["plant", "house", "laboratory"]),
                "illustrative": st.booleans(),
            }
        ),
    },
    optional={
        "place": optional(
            latitude=measure(-90, 90, "deg"),
            heated_area=measure(1, 1e6, "m2"),
            time_zone=st.sampled_from(["Asia/Shanghai", "Etc/GMT-8", "Europe/Berlin"]),
        ),
        "ground": st.fixed_dictionaries(
            {"layers": layers()},
            optional={
                "undisturbed_temperature": measure(265, 320, "K"),
                "gradient": measure(0, 0.1, "K/m"),
            },
        ),
        "pumps": st.dictionaries(
            st.sampled_from(["p1", "p2", "泵3"]),
            st.fixed_dictionaries(
                {"circuit": st.sampled_from(["source", "load", "well"])},
                optional={
                    "rated_power": measure(0.01, 500, "kW"),
                    "rated_flow": measure(0.1, 900, "L/s"),
                    "serves": st.just([]),
                },
            ),
            max_size=3,
        ),
        "comfort": optional(room_temperature_minimum=measure(0, 30, "°C")),
        "operation": optional(heating_season=st.just("11-15..03-15")),
        "tariff": optional(electricity_price=measure(0, 3, "CNY/kWh")),
        "telemetry": optional(
            sentinel=st.lists(number(-1e4, 1e4), max_size=3), interval=measure(1, 900, "s")
        ),
    },
)

POINTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("temperature", "K", "outdoor"),
                ("temperature", "°F", "room@201"),
                ("electric_power", "kW", "supply"),
                ("volume", "m3", "make_up"),
            ]
        ),
        number(0.001, 1000),
        number(-500, 500),
        st.sampled_from(["", "± 3 %", "± 0.5 % (k=2)"]),
        st.sampled_from(["", "60 s", "105 min"]),
        st.text("abc\",;室' ", max_size=8).map(str.strip),
    ),
    max_size=4,
)


def points_text(rows: list[Any]) -> str:
    lines = ["id\tquantity\tunit\tequipment\tlocation\tscale\toffset\taccuracy\tinterval\tnote"]
    for i, ((quantity, unit, location), scale, offset, accuracy, interval, note) in enumerate(rows):
        quoted = '"' + note.replace('"', '""') + '"'
        cells = [f"p{i}", quantity, unit, "site", location, repr(scale), repr(offset)]
        lines.append("\t".join([*cells, accuracy, interval, quoted]))
    return "\n".join(lines) + "\n"


@settings(max_examples=60, deadline=None)
@given(raw=SITES, rows=POINTS)
def test_written_site_reads_the_same(raw: dict[str, Any], rows: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as base:
        first = Path(base, "first")
        first.mkdir()
        (first / "site.toml").write_text(tomli_w.dumps(raw), encoding="utf-8")
        (first / "points.csv").write_text(points_text(rows), encoding="utf-8")
        one = read(first)
        two = read(write(one, Path(base, "second")))
    for name in COMPARED:
        assert getattr(one, name) == getattr(two, name), name


@pytest.mark.parametrize("example", ["plant-template", "rwth-lab"])
def test_examples_survive_writing(example: str, tmp_path: Path) -> None:
    site = read(EXAMPLES / example)
    again = read(write(site, tmp_path / "copy"))
    for name in COMPARED:
        assert getattr(site, name) == getattr(again, name), name
    for one, two in zip(site.ledger, again.ledger, strict=True):
        assert (one.date, one.item, one.value) == (two.date, two.item, two.value)


def test_writing_never_overwrites(tmp_path: Path) -> None:
    site = read(EXAMPLES / "rwth-lab")
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError):
        write(site, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
