"""What is told when wells are read, though they can be computed."""

from __future__ import annotations

from pathlib import Path

import diwen.site

HEAD = 'schema = 1\n\n[site]\nname_en = "A"\nname_zh = "甲"\nkind = "plant"\n\n'
AQUIFER = (
    '[[ground.aquifers]]\ntop = "{top} m"\nbottom = "{bottom} m"\nstatic_level = "{level} m"\n'
    'hydraulic_conductivity = "{conductivity}"\nkind = "{kind}"\n\n'
)
STAGES = """[sources.w]
type = "circulation_well"
structure = "several_aquifers"
depth = "99 m"
bore_diameter = "600 mm"

[[sources.w.stages]]
return_zone = { top = "22 m", bottom = "30 m" }
seal = { top = "30 m", bottom = "36 m" }
extraction_zone = { top = "36 m", bottom = "46 m" }
share = 0.5

[[sources.w.stages]]
return_zone = { top = "62 m", bottom = "70 m" }
seal = { top = "70 m", bottom = "76 m" }
extraction_zone = { top = "76 m", bottom = "86 m" }
share = 0.5

"""


def _aquifer(
    top: float = 20.0, bottom: float = 90.0, level: float = 8.0,
    conductivity: str = "20 m/d", kind: str = "confined",
) -> str:  # fmt: skip
    return AQUIFER.format(
        top=top, bottom=bottom, level=level, conductivity=conductivity, kind=kind
    )  # fmt: skip


def _told(folder: Path, *parts: str) -> str:
    (folder / "site.toml").write_text(HEAD + "".join(parts), encoding="utf-8")
    notices = diwen.site.read(folder).notices
    assert all(problem.message.zh and problem.cure.zh for problem in notices)
    assert all(problem.severity == "warning" for problem in notices)
    return "\n".join(problem.to("en") for problem in notices)


def test_a_confined_aquifer_whose_water_stands_below_its_top(tmp_path: Path) -> None:
    for kind in ("confined", "leaky"):
        text = _told(tmp_path, _aquifer(level=35.0, kind=kind))
        assert "ground.aquifers[0].static_level: the water of the confined aquifer" in text
        assert "35 m > 20 m" in text
        assert 'kind = "unconfined"' in text
    assert _told(tmp_path, _aquifer(level=35.0, kind="unconfined")) == ""
    assert _told(tmp_path, _aquifer(level=20.0)) == ""
    assert _told(tmp_path, _aquifer(level=-5.0)) == ""


def test_metres_a_day_written_as_metres_a_second(tmp_path: Path) -> None:
    text = _told(tmp_path, _aquifer(conductivity="1 m/s"))
    assert "ground.aquifers[0].hydraulic_conductivity" in text
    assert "m/d written as m/s? (found: 1 m/s = 86400 m/d)" in text
    assert _told(tmp_path, _aquifer(conductivity="800 m/d")) == ""


def test_several_aquifers_that_are_one(tmp_path: Path) -> None:
    text = _told(tmp_path, _aquifer(), STAGES)
    assert "sources.w.stages[1]: two stages of a well in several aquifers lie in the same" in text
    assert _told(tmp_path, _aquifer(bottom=50.0), _aquifer(top=60.0), STAGES) == ""
