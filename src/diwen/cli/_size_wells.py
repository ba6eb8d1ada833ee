"""``diwen size`` where the source is wells: which kind, which options, what is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from diwen.language import Language, Text
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.site import Site

_FIELD_ONLY = {"method": "--method", "standard": "--standard", "groundwater": "--no-groundwater"}
_NOT_FOR_WELLS = Text("this option belongs to bore fields; the source is wells",
                      "该选项仅用于地埋管孔群，而本热源为井")  # fmt: skip
_LEAVE_OUT = Text("leave it out, or name a bore field with --source",
                  "请去掉该选项，或用 --source 指定孔群")  # fmt: skip
_NOT_PRODUCTS = Text("products are judged for circulation wells only", "产品适用性仅用于单井循环井")
_NAME_WELLS = Text("name circulation wells with --source, or leave it out",
                   "请用 --source 指定单井循环井，或去掉该选项")  # fmt: skip
_PLOTTED = Text("Picture written: {file}", "图已写入：{file}")
_TRYING = Text("wells", "井群方案")


def given_options(context: typer.Context) -> frozenset[str]:
    """Names of the options that stand on the command line."""
    return frozenset(
        name for name in context.params
        if (found := context.get_parameter_source(name)) is not None
        and found.name == "COMMANDLINE"
    )  # fmt: skip


def asked_for(site: Site, source: str) -> bool:
    """Whether wells are to be sized: named, or the only thing there is to size."""
    from diwen.site.sources import GROUP_KINDS, ONE_WELL_KINDS

    wells = ONE_WELL_KINDS + GROUP_KINDS
    kinds = {name: item.type for name, item in site.sources.items()}
    if source in kinds:
        return kinds[source] in wells
    return "borefield" not in kinds.values() and any(kind in wells for kind in kinds.values())


def refuse_products(products: bool) -> None:
    """``--products`` where the source is not circulation wells."""
    if products:
        raise InputError([Problem("diwen size", "--products", _NOT_PRODUCTS, _NAME_WELLS)])


def run(
    site: Site, source: str, years: int | None, products: bool, plot: Path | None, as_json: bool,
    language: Language, given: frozenset[str],
) -> None:  # fmt: skip
    """Size wells, and say so; exit 1 where the planned ones do not suffice."""
    from diwen.site.named_source import named_source
    from diwen.site.sources import GROUP_KINDS, ONE_WELL_KINDS

    wrong = [
        Problem("diwen size", option, _NOT_FOR_WELLS, _LEAVE_OUT)
        for name, option in _FIELD_ONLY.items()
        if name in given
    ]
    if wrong:
        raise InputError(wrong)
    name = named_source(site, source, ONE_WELL_KINDS + GROUP_KINDS)
    one_well = site.sources[name].type in ONE_WELL_KINDS
    if not one_well:
        refuse_products(products)
    busy = sys.stderr.isatty() and not as_json
    if products:
        _judge_products(site, name, years, plot, as_json, language, busy)
        return
    with _progress(busy, language) as told:
        found = _sized(site, name, one_well, years, told)
    if plot is not None:  # first: where it cannot be written, nothing else is said
        from diwen.cli._size_wells_chart import wells_figure

        wells_figure(found, plot, language)
    if as_json:
        typer.echo(json.dumps({"site": site.id, **found.as_dict()}, ensure_ascii=False, indent=1))
    else:
        from diwen.cli._size_wells_text import show

        show(site, found, language)
        if plot is not None:
            typer.echo(_PLOTTED.format(file=str(plot)).to(language))
    if not found.suffices:
        raise typer.Exit(1)


def _sized(
    site: Site, source: str, one_well: bool, years: int | None,
    progress: Callable[[int, int], None] | None,
) -> Any:  # fmt: skip
    if one_well:
        from diwen.design.site_well_sizing import size_wells_of_site

        return size_wells_of_site(site, source, years=years, progress=progress)
    from diwen.design.site_pair_sizing import size_pairs_of_site

    return size_pairs_of_site(site, source, years=years, progress=progress)


def _judge_products(
    site: Site, source: str, years: int | None, plot: Path | None, as_json: bool,
    language: Language, busy: bool,
) -> None:  # fmt: skip
    """Products of the market in this ground; exit 1 where none works as its maker says."""
    from diwen.design.well_products import judge_products_of_site

    if plot is not None:
        raise InputError([Problem("diwen size", "--plot", _NO_PICTURE, _ONE_OF)])
    with _progress(busy, language) as told:
        found = judge_products_of_site(site, source, years=years, progress=told)
    if as_json:
        typer.echo(json.dumps({"site": site.id, **found.as_dict()}, ensure_ascii=False, indent=1))
    else:
        from diwen.cli._size_products_text import show_products

        show_products(site, found, language)
    if not any(one.verdict == "works" for one in found.products):
        raise typer.Exit(1)


_NO_PICTURE = Text("there is no picture of judged products", "产品适用性没有图")
_ONE_OF = Text("leave out --plot or --products", "请去掉 --plot 或 --products")


@contextmanager
def _progress(shown: bool, language: Language) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the error channel that is gone when the search is done."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_TRYING.to(language), total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
