"""``diwen new``: a site folder to begin with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import typer

from diwen.language import Language, Text, preferred, same

_MADE = Text("Made {folder}.", "已新建 {folder}。")
_NEXT = Text(
    "Next: write what is built into site.toml and the points into points.csv, "
    "then run: diwen check {folder}",
    "下一步：在 site.toml 中填写设备，在 points.csv 中填写测点，然后运行：diwen check {folder}",
)
_PLANNED = Text(
    "Next: put your own files over those in the folder and change the lines of {folder}/site.toml "
    "that say YOURS; then run one after the other:",
    "下一步：用您的文件替换文件夹中的示例文件，修改 {folder}/site.toml 中标有 YOURS 的行，"
    "然后依次运行：",
)
_EXAMPLES = Text(
    "Examples (diwen new NAME --from EXAMPLE):", "示例（diwen new 名称 --from 示例）："
)
_ASSUMED = Text(" [illustrative]", "［数据为假定示例］")
_NAME_NEEDED = "Give the name of the folder to make, or --list. 请给出新文件夹名称，或用 --list。"


_EPILOG = (
    "Examples 示例:\n\ndiwen new --list\n\ndiwen new my-plant --from plant-template"
    "\n\ndiwen new my-plant --from planned-plant"
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(name="new", epilog=_EPILOG)
    def new_command(
        name: Path | None = typer.Argument(None, help="Folder to make. 新文件夹。"),
        example: str | None = typer.Option(None, "--from", help="Example to copy. 复制示例。"),
        list_examples: bool = typer.Option(False, "--list", help="List the examples. 列出示例。"),
        as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
        language: Language | None = typer.Option(None, "--language", help="Language. 语言。"),
    ) -> None:
        """Make a site folder: a commented minimal one, or a copy of an example.

        新建项目文件夹：带注释的最小模板，或复制一个示例。
        """
        spoken = language or preferred()
        if list_examples:
            _list(as_json, spoken)
            return
        if name is None:
            raise typer.BadParameter(_NAME_NEEDED)
        from diwen.site import new

        folder = new(name, example, spoken)
        if as_json:
            typer.echo(json.dumps({"folder": str(folder), "from": example}, ensure_ascii=False))
            return
        typer.echo(_MADE.format(folder=folder).to(spoken))
        for line in _next(folder):
            typer.echo(line.to(spoken))


def _next(folder: Path) -> Iterator[Text]:
    """What to do with the folder: other things for a plant that is only planned."""
    from diwen.site import read

    site = read(folder)
    test = next((one.file for one in site.response_tests if one.file), "")
    if site.points or not site.loads or not site.sources or not test:
        yield _NEXT.format(folder=folder)
        return
    yield _PLANNED.format(folder=folder)
    yield same(f"  diwen test-response {folder / test} --site {folder} --write")
    for command in ("size", "simulate", "design-report"):
        yield same(f"  diwen {command} {folder}")


def _list(as_json: bool, language: Language) -> None:
    from diwen.site import examples

    found = examples().values()
    if as_json:
        rows = [
            {
                "id": example.id,
                "name": {"en": example.name.en, "zh": example.name.zh},
                "illustrative": example.illustrative,
            }
            for example in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    typer.echo(_EXAMPLES.to(language))
    for example in found:
        mark = _ASSUMED.to(language) if example.illustrative else ""
        typer.echo(f"  {example.id:24} {example.name.to(language)}{mark}")
