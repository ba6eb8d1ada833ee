"""From results to lights, lines and tables: how one indicator is told to a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from diwen.evaluation.words import boundary_name, mode_name, point_role, thing_name
from diwen.language import Text, same
from diwen.quantities import printed
from diwen.reports.chart import UNVERIFIED_MARK, origin_text
from diwen.reports.document import LIGHTS, Cell, Column, Light, Table, joined, row
from diwen.reports.numbers import NONE, percent, with_uncertainty

if TYPE_CHECKING:
    from diwen.evaluation import Result
    from diwen.reports.material import Material


_MISSING = Text("Missing: {points}.", "缺少：{points}。")
_NO_UNCERTAINTY = Text(
    "No uncertainty: points.csv states no accuracy for {points}.",
    "无不确定度：points.csv 未填写 {points} 的准确度。",
)
_UNVERIFIED = Text(
    f"{UNVERIFIED_MARK} rests on a rule that is not verified.",
    f"{UNVERIFIED_MARK} 所依据的规则尚未核实。",
)
_DEFAULT = Text(
    "(E) rests on an engineering default of Diwen, not on a standard.",
    "(E) 所依据的限值为地温的工程默认值，并非标准条文。",
)
REFUSED = Text("refused", "不予计算")


def light(result: Result) -> Light:
    """The traffic light of one result.

    Only a grade that is resolved turns a light green or red; a value without a rule that judges
    it stays plain.
    """
    if result.status == "refused":
        return "refused"
    if result.status == "indicative":
        return "indicative"
    if result.grade is None:
        return "plain"
    if not result.grade.resolved:
        return "unresolved"
    if result.grade.met is None:
        return "attention" if result.detail.get("beyond_limit") else "plain"
    return "good" if result.grade.met else "bad"


def value(result: Result) -> Text:
    """The value with its expanded uncertainty and unit, or the word "refused"."""
    if result.status == "refused":
        return REFUSED
    number = with_uncertainty(result.value, result.uncertainty, "", result.decimals, result.bounds)
    return Text(
        f"{number} {printed(result.unit)}".strip(), f"{number} {printed(result.unit, 'zh')}".strip()
    )


def name(result: Result) -> Text:
    """Name, symbol and the thing it belongs to."""
    return _of(_bare(result), thing_name(result))


def _bare(result: Result) -> Text:
    """Name, with a capital letter, and symbol."""
    title = result.title
    return Text(title.en[:1].upper() + title.en[1:], title.zh)


def _of(text: Text, thing: Text) -> Text:
    return Text(f"{text.en} · {thing.en}", f"{text.zh} · {thing.zh}") if thing.en else text


def judgement(result: Result, material: Material) -> Text:
    """Grade, reason and reservations of a result, as sentences."""
    parts: list[Text] = []
    withheld = result.detail.get("grade_withheld")
    if result.grade is not None:
        parts.append(result.grade.text)
    if isinstance(withheld, Text):
        parts.append(withheld)
    if result.reason is not None:
        parts.append(result.reason)
    if result.missing:
        parts.append(_MISSING.format(points=joined(map(point_role, result.missing), "; ", "；")))
    unknown = material.without_accuracy(result)
    if result.status == "ok" and unknown:
        parts.append(_NO_UNCERTAINTY.format(points=joined(map(same, unknown))))
    standings = {material.standing(rule) for rule in result.rules}
    if "unverified" in standings:
        parts.append(_UNVERIFIED)
    elif "default" in standings:
        parts.append(_DEFAULT)
    return sentences(parts)


def sentences(parts: Iterable[Text]) -> Text:
    """Sentences one after the other; each ends with its full stop."""
    items = [text for text in parts if text.en or text.zh]
    return Text(
        " ".join(_capital(_ended(text.en, ".")) for text in items),
        "".join(_ended(text.zh, "。") for text in items),
    )


def _capital(text: str) -> str:
    """The sentence with a capital letter, unless it begins with a name such as ``load_flow``."""
    first = text.split(" ", 1)[0]
    return text if "_" in first else text[:1].upper() + text[1:]


def _ended(text: str, stop: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?。！？" else text + stop


def tables(results: Sequence[Result], material: Material) -> list[Table]:
    """Results as at most two tables: those with a value, and those that were refused.

    Refusals for the same reason stand in one line, so that one missing meter reads as one fact.
    """
    valued = [result for result in results if result.status != "refused"]
    refusals = [result for result in results if result.status == "refused"]
    found = []
    if valued:
        found.append(_valued(valued, material))
    if refusals:
        found.append(_refused(refusals))
    return found


def folded(results: Sequence[Result]) -> list[tuple[Result, tuple[str, ...]]]:
    """Results that equal another one by nature (no equipment between two boundaries) put with it.

    Returns
    -------
    list of (result, what it stands for as well), in the order given
    """
    found: list[tuple[Result, tuple[str, ...]]] = []
    for result in results:
        inner = result.detail.get("equals")
        last = found[-1] if found else None
        if inner and last and last[0].id == result.id and last[0].mode == result.mode:
            found[-1] = (last[0], (*last[1], result.of))
        else:
            found.append((result, ()))
    return found


class _Footnotes:
    """Notes of a table, each written once under it and called by its number in the rows."""

    def __init__(self) -> None:
        self.texts: dict[Text, int] = {}

    def call(self, notes: Sequence[Text]) -> Text | None:
        """The reference to some notes, or None if there is none."""
        numbers = [str(self.texts.setdefault(note, len(self.texts) + 1)) for note in notes]
        if not numbers:
            return None
        return Text(f"Note {', '.join(numbers)}", f"注 {'、'.join(numbers)}")

    def written(self) -> Text | None:
        """All notes with their numbers."""
        if not self.texts:
            return None
        numbered = [
            Text(f"{number}: {sentences([note]).en}", f"{number}：{sentences([note]).zh}")
            for note, number in self.texts.items()
        ]
        text = joined(numbered, "  ", "　")
        return Text(f"Notes. {text.en}", f"注：{text.zh}")


def _valued(results: Sequence[Result], material: Material) -> Table:
    footnotes = _Footnotes()
    rows = tuple(
        row(
            Cell(_with_equals(name(result), equals), light(result)),
            value(result),
            _mode(result),
            NONE if result.coverage is None else percent(result.coverage),
            origin_text(result.origin) if result.origin else same(NONE),
            Cell(judgement(result, material), detail=footnotes.call(result.notes)),
        )
        for result, equals in folded(results)
    )
    return Table(
        title=Text("Indicators", "指标"),
        columns=(
            Column(Text("Indicator", "指标"), share=3.3),
            Column(Text("Value (k = 2)", "数值（k = 2）"), "right", 2.9),
            Column(Text("Mode, boundary", "工况、边界"), share=1.8),
            Column(Text("Coverage", "数据完整率"), "right", 1.3),
            Column(Text("Origin", "来源"), share=1.2),
            Column(Text("Judgement", "判定"), share=3.6),
        ),
        rows=rows,
        note=footnotes.written(),
    )


def _with_equals(text: Text, equals: tuple[str, ...]) -> Text:
    tail = "".join(f" = {other}" for other in equals)
    return Text(text.en + tail, text.zh + tail)


def _refused(results: Sequence[Result]) -> Table:
    grouped: dict[tuple[Text, tuple[str, ...]], list[Result]] = {}
    for result in results:
        assert result.reason is not None  # the result itself has made sure of it
        grouped.setdefault((result.reason, result.missing), []).append(result)
    return Table(
        title=Text("Not computed", "不予计算的指标"),
        columns=(
            Column(Text("Indicator", "指标"), share=4.0),
            Column(Text("Reason", "原因"), share=4.2),
            Column(Text("Missing point", "缺少的测点"), share=2.6),
        ),
        rows=tuple(
            row(
                Cell(names_of(group), "refused"),
                sentences([reason]),
                joined(map(point_role, missing), "; ", "；") if missing else NONE,
            )
            for (reason, missing), group in grouped.items()
        ),
    )


def names_of(results: Sequence[Result]) -> Text:
    """Names of several results; one name of several things is written once."""
    things: dict[tuple[Text, str], dict[Text, None]] = {}
    for result in results:
        things.setdefault((_bare(result), result.mode), {})[thing_name(result)] = None
    named = (
        _with_mode(_of(text, joined(of for of in ofs if of.en)), mode)
        for (text, mode), ofs in things.items()
    )
    return joined(named, "; ", "；")


def _with_mode(text: Text, mode: str) -> Text:
    if mode == "all":
        return text
    word = mode_name(mode)
    return Text(f"{text.en} ({word.en})", f"{text.zh}（{word.zh}）")


def _mode(result: Result) -> Text:
    mode = mode_name(result.mode)
    if not result.boundary:
        return mode
    inside = boundary_name(result.boundary)
    return Text(f"{mode.en}, {inside.en}", f"{mode.zh}，{inside.zh}")


def counts(results: Iterable[Result]) -> tuple[tuple[Light, int], ...]:
    """How many results carry each light, in the order of ``LIGHTS``, without zeros."""
    counted = Counter(light(result) for result in results)
    return tuple((each, counted[each]) for each in LIGHTS if counted[each])
