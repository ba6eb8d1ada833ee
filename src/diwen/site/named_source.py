"""Which source of a site is meant."""

from __future__ import annotations

from collections.abc import Sequence

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site

_NONE = Text("the site has no source of this kind ({kinds})", "项目没有该类热源（{kinds}）")
_ADD = Text('add one with type = "{kind}"', '请增加 type = "{kind}" 的热源')
_EMPTY = Text("the site has no source", "项目没有热源")
_ADD_ONE = Text("add [sources.ID]", "请增加 [sources.ID]")
_WHICH = Text("the site has several sources that could be meant", "项目有多个热源，无法确定所指")
_NAME_IT = Text("name one of them (--source): {names}", "请指定其中之一（--source）：{names}")
_NOT_THERE = Text("there is no such source of this name", "没有该名称的此类热源")


def named_source(site: Site, source: str = "", kinds: Sequence[str] = ()) -> str:
    """Id of the source that is meant; the name may be left out where there is only one.

    Parameters
    ----------
    site : the site
    source : id, or nothing
    kinds : types among which it must be; any if empty

    Raises
    ------
    diwen.problems.InputError : there is none, none of this name, or several
    """
    names = [name for name, item in site.sources.items() if not kinds or item.type in kinds]
    if not names:
        problem = Problem(SITE_FILE, "sources", _EMPTY, _ADD_ONE)
        if kinds:
            message = _NONE.format(kinds=", ".join(kinds))
            problem = Problem(SITE_FILE, "sources", message, _ADD.format(kind=kinds[0]))
        raise InputError([problem])
    cure = _NAME_IT.format(names=", ".join(names))
    if source and source not in names:
        raise InputError([Problem(SITE_FILE, "sources", _NOT_THERE, cure, source)])
    if not source and len(names) > 1:
        raise InputError([Problem(SITE_FILE, "sources", _WHICH, cure)])
    return source or names[0]
