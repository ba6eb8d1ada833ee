"""A chart as a picture that stands alone: title above, axis title and caption below."""

from __future__ import annotations

import re
from html import escape

from diwen.language import Language
from diwen.reports.chart import Chart
from diwen.reports.drawing import svg
from diwen.reports.font import FAMILY

_TITLE, _BELOW = 26.0, 44.0  # pt, the bands above and below the drawing
_HEAD = re.compile(r"<svg[^>]*>", re.DOTALL)
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def picture(chart: Chart, language: Language) -> str:
    """The chart as SVG with its title, the title of its horizontal axis and its caption.

    Parameters
    ----------
    chart : what to draw
    language : language of its texts
    """
    drawn = svg(chart, language)
    head = _HEAD.search(drawn)
    box = None if head is None else _BOX.search(head[0])
    if head is None or box is None:
        raise ValueError("the drawing has no size")
    width, height = float(box[1]), float(box[2])
    # Inside, lengths are in units of the outer box, not in points.
    placed = f'<svg y="{_TITLE}" width="{width}" height="{height}" {box[0]}>'
    inner = placed + drawn[head.end() :]
    whole = _TITLE + height + _BELOW
    below = _TITLE + height
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}pt" height="{whole}pt" '
        f'viewBox="0 0 {width} {whole}" font-family="{FAMILY}, sans-serif">\n'
        f'<rect width="{width}" height="{whole}" fill="#ffffff"/>\n'
        f'<text x="6" y="17" font-size="11" font-weight="bold">'
        f"{escape(chart.title.to(language))}</text>\n"
        f"{inner}\n"
        f'<text x="{width / 2}" y="{below + 12}" font-size="8" text-anchor="middle" '
        f'fill="#44525c">{escape(chart.x.label(language))}</text>\n'
        f'<text x="6" y="{below + 32}" font-size="7.5" fill="#44525c">'
        f"{escape(chart.caption(language))}</text>\n"
        "</svg>\n"
    )
