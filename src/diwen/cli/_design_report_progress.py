"""The moving line of ``diwen design-report``: a bar, and what is being done."""

from __future__ import annotations

from types import TracebackType

import typer

from diwen.language import Language, Text

_DRAWING = Text("uncertainty: drawing and running …", "正在抽样计算不确定度……")
_OPTIMISING = Text("looking for the best sizes …", "正在优化规格……")
_WIDTH = 24
# Shares of the whole at which the parts end: design, uncertainty, optimisation, writing.
_DESIGNED, _DRAWN, _OPTIMISED = 0.45, 0.7, 0.8


class Progress:
    """Draws the line while it is used as a context, and wipes it away at its end."""

    def __init__(self, language: Language, quiet: bool) -> None:
        self._language, self._quiet = language, quiet
        self._share = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._quiet:
            typer.echo("\r\x1b[K", nl=False, err=True)

    def designing(self, text: Text, share: float) -> None:
        """A stage of the design."""
        self._draw(text, share * _DESIGNED)

    def drawing(self, share: float) -> None:
        """A share of the samples is done."""
        self._draw(_DRAWING, _DESIGNED + share * (_DRAWN - _DESIGNED))

    def optimising(self, share: float) -> None:
        """A share of the candidates is done."""
        self._draw(_OPTIMISING, _DRAWN + share * (_OPTIMISED - _DRAWN))

    def writing(self, text: Text) -> None:
        """A file begins."""
        self._draw(text, min(0.99, max(self._share, _OPTIMISED) + 0.04))

    def _draw(self, text: Text, share: float) -> None:
        self._share = share
        if self._quiet:
            return
        full = round(_WIDTH * min(max(share, 0.0), 1.0))
        bar = "━" * full + "╌" * (_WIDTH - full)
        line = f"\r\x1b[K{bar} {100.0 * share:3.0f} %  {text.to(self._language)}"
        typer.echo(line, nl=False, err=True)
