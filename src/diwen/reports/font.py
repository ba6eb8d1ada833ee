"""The one font of printed reports: it has every Latin and simplified Chinese letter they need."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem

FAMILY = "Noto Sans CJK SC"
_NO_FONT = Text(
    "the Chinese font of the PDF is not installed: {reason}",
    "PDF 所需的中文字体未安装：{reason}",
)
_FONT_CURE = Text(
    "install it with: pip install 'noto-cjk[sans]'", "请安装：pip install 'noto-cjk[sans]'"
)


@cache
def font_file() -> Path:
    """The font file that is embedded.

    Raises
    ------
    InputError : it is not installed
    """
    try:
        from noto_cjk import otc_path

        path = Path(otc_path("sans"))
    except (ImportError, RuntimeError) as error:
        raise font_problem(str(error)) from error
    if not path.is_file():
        raise font_problem(str(path))
    return path


def font_problem(reason: str) -> InputError:
    """The error that says the font is missing and how to install it."""
    return InputError([Problem("noto-cjk", "-", _NO_FONT.format(reason=reason), _FONT_CURE)])
