"""``diwen schema``: what may stand in a site folder, as a page or as JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from diwen.language import Language, preferred

_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen schema --language zh -o site-folder.md"
    "\n\ndiwen schema --json-schema -o diwen-site.schema.json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(name="schema", epilog=_EPILOG)
    def schema_command(
        as_json_schema: bool = typer.Option(
            False, "--json-schema", "--json", help="JSON Schema of site.toml, for editors."
        ),
        as_markdown: bool = typer.Option(
            False, "--markdown", help="One page: every key with unit, range, meaning (default)."
        ),
        output: Path | None = typer.Option(None, "--output", "-o", help="Write to this file."),
        language: Language | None = typer.Option(None, "--language", help="Language of the page."),
    ) -> None:
        """What may stand in a site folder: every table and key.

        项目文件夹的格式说明：全部表与键、单位、范围与含义。
        """
        from diwen.site import documentation, json_schema

        if as_json_schema and as_markdown:
            raise typer.BadParameter("choose --json-schema or --markdown")
        if as_json_schema:
            text = json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"
        else:
            text = documentation(language or preferred())
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")
