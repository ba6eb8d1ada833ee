"""The one font of printed reports: it has every Latin and simplified Chinese letter they need."""

from __future__ import annotations

import unicodedata
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


def printable(text: str) -> str:
    """The text with every letter that the font lacks put in letters that it has.

    ``CO₂`` becomes ``CO2``, ``V̇`` becomes ``V``; what has no plain form (an emoji) becomes ``?``.
    An empty box would look like a number that cannot be read.
    """
    known = _letters()
    if all(letter in known for letter in text):
        return text
    return "".join(letter if letter in known else _plain(letter, known) for letter in text)


def _plain(letter: str, known: frozenset[str]) -> str:
    if letter in "\n\u200b":
        return letter
    if unicodedata.combining(letter):
        return ""
    parts = [c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)]
    return "".join(parts) if parts and all(part in known for part in parts) else "?"


@cache
def _letters() -> frozenset[str]:
    """Every letter of the font."""
    from matplotlib.font_manager import get_font

    return frozenset(map(chr, get_font(str(font_file())).get_charmap()))
