"""diwen new, check and schema."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from diwen.cli import build
from diwen.problems import InputError
from diwen.site import documentation, examples, json_schema, new, read
from diwen.site.fields import Measure
from diwen.site.schema_page import tables

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(build(), [str(argument) for argument in arguments])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_site_checks_clean(tmp_path: Path, language: str) -> None:
    result = run("new", tmp_path / "xishan", "--language", language)
    assert result.exit_code == 0, result.output
    assert ("diwen check" in result.output) is True
    site = read(tmp_path / "xishan")
    assert site.name.en == "xishan"
    assert not site.notices
    text = (tmp_path / "xishan" / "site.toml").read_text(encoding="utf-8")
    assert ("带单位的量" in text) is (language == "zh")


def test_the_comments_of_the_minimal_site_are_right(tmp_path: Path) -> None:
    """Uncommenting every example line of the template must give a sound site."""
    for language in ("en", "zh"):
        folder = new(tmp_path / language, language=language)
        lines = (folder / "site.toml").read_text(encoding="utf-8").splitlines()
        opened = [
            line[2:] if line.startswith("# ") and ("=" in line or line.startswith("# [")) else line
            for line in lines
        ]
        (folder / "site.toml").write_text("\n".join(opened), encoding="utf-8")
        points = (folder / "points.csv").read_text(encoding="utf-8").splitlines()
        rows = [line[2:] for line in points if line.startswith("# ") and line.count(",") > 7]
        (folder / "points.csv").write_text("\n".join([points[-1], *rows]), encoding="utf-8")
        site = read(folder)
        assert len(site.points) == 2
        assert set(site.equipment()) == {"field", "hp1", "pump_source", "pump_load"}


def test_every_example_can_be_copied_and_checks_clean(tmp_path: Path) -> None:
    assert {"rwth-lab", "plant-template"} <= set(examples())
    for name in examples():
        folder = new(tmp_path / name, name)
        assert read(folder).id == name
        assert not (folder / "telemetry").exists()


def test_new_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    for name, example in (("old", None), ("a/b", None), ("..", None), ("fresh", "plnt-template")):
        with pytest.raises(InputError):
            new(tmp_path / name, example)
    assert list((tmp_path / "old").iterdir()) == []
    assert not (tmp_path / "fresh").exists()


def test_list_of_examples() -> None:
    rows = json.loads(run("new", "--list", "--json").output)
    found = {row["id"]: row for row in rows}
    assert found["plant-template"]["illustrative"] is True
    assert found["rwth-lab"]["illustrative"] is False
    assert "示例" in run("new", "--list", "--language", "zh").output


def test_check_exit_codes(tmp_path: Path) -> None:
    sound = run("check", ROOT / "examples" / "rwth-lab", "--json")
    assert sound.exit_code == 0
    answer = json.loads(sound.output)
    assert answer["sound"] is True
    assert answer["usability"]["evaluate"]["answer"] == "partly"
    new(tmp_path / "empty")
    assert run("check", tmp_path / "empty").exit_code == 1
    broken = run("check", Path(__file__).parent / "broken" / "layers-gap", "--json")
    assert broken.exit_code == 2
    problem = json.loads(broken.stdout)["problems"][0]
    assert problem["where"] == "ground.layers[1].top"
    assert set(problem["message"]) == {"en", "zh"}


def test_check_speaks_both_languages() -> None:
    folder = ROOT / "examples" / "rwth-lab"
    assert "评价" in run("check", folder, "--language", "zh").output
    assert "evaluate: partly" in run("check", folder, "--language", "en").output


def test_every_key_is_documented_in_both_languages() -> None:
    for heading, model in tables():
        assert heading == "site.toml" or model.meaning.zh, heading
        for name, field in model.model_fields.items():
            texts = [item.text for item in field.metadata if hasattr(item, "text")]
            assert texts, f"{heading}.{name}"
            assert texts[0].en
            assert texts[0].zh
    page = documentation("zh")
    for word in ("`rated_heating_capacity`", "`source_entering`", "冷冻水供水", "`drilling`"):
        assert word in page
    assert documentation("en") != page


def test_every_example_value_of_the_documentation_is_accepted() -> None:
    for heading, model in tables():
        for name, field in model.model_fields.items():
            for measure in (item for item in field.metadata if isinstance(item, Measure)):
                assert measure.read(measure.example) is not None, f"{heading}.{name}"


def test_json_schema_is_valid_and_accepts_the_examples(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for example in examples().values():
        raw = tomllib.loads((example.folder / "site.toml").read_text(encoding="utf-8"))
        assert [error.message for error in validator.iter_errors(_plain(raw))] == []
    bare = {"schema": 1, "site": {"name_en": "a", "name_zh": "a", "kind": "plant"},
            "tanks": {"t": {"volume": 3}}}  # fmt: skip
    assert list(validator.iter_errors(bare))
    assert run("schema", "--json-schema", "-o", tmp_path / "s.json").exit_code == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == schema


def _plain(value: object) -> object:
    """TOML dates as the text an editor sees."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
