"""How the boreholes of a field are laid out: ``[sources.ID.layout]``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.sources.borefield import layouts
from diwen.sources.borefield.layouts import Coordinates

_UNEQUAL = Text("x and y have different lengths", "x 与 y 的个数不同")
_SAME_NUMBER = Text("give one x and one y per borehole", "每个钻孔各给一个 x 和一个 y")


class _Grid(Table):
    """Rows and columns with a spacing."""

    columns: Annotated[int, Meaning("boreholes along x", "x 方向孔数"), Field(ge=1, le=1000)]
    rows: Annotated[int, Meaning("boreholes along y", "y 方向孔数"), Field(ge=1, le=1000)]
    spacing: Annotated[
        float, Measure("length", "spacing along x", "x 方向间距", 0, 500, positive=True)
    ]
    row_spacing: Annotated[
        float | None,
        Measure(
            "length", "spacing along y; none: as along x", "y 方向间距；缺省同 x 方向", 0, 500, True
        ),
    ] = None

    def _of(self, pattern: Callable[[int, int, float, float | None], Coordinates]) -> Coordinates:
        return pattern(self.columns, self.rows, self.spacing, self.row_spacing)


class Rectangle(_Grid):
    """``pattern = "rectangle"``: full rows and columns."""

    meaning: ClassVar[Text] = Text("full rows and columns", "矩形排列")
    pattern: Annotated[Literal["rectangle"], Meaning("pattern", "排列方式")]

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m, row by row."""
        return self._of(layouts.rectangle)


class Staggered(_Grid):
    """``pattern = "staggered"``: every second row is shifted by half a spacing."""

    meaning: ClassVar[Text] = Text("every second row shifted by half a spacing", "交错排列")
    pattern: Annotated[Literal["staggered"], Meaning("pattern", "排列方式")]

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m, row by row."""
        return self._of(layouts.staggered)


class LShape(_Grid):
    """``pattern = "L"``: first row and first column only."""

    meaning: ClassVar[Text] = Text("first row and first column", "L 形排列")
    pattern: Annotated[Literal["L"], Meaning("pattern", "排列方式")]

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m."""
        return self._of(layouts.l_shape)


class UShape(_Grid):
    """``pattern = "U"``: first row, first and last column."""

    meaning: ClassVar[Text] = Text("first row, first and last column", "U 形排列")
    pattern: Annotated[Literal["U"], Meaning("pattern", "排列方式")]

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m."""
        return self._of(layouts.u_shape)


class Box(_Grid):
    """``pattern = "box"``: the outline of the rectangle."""

    meaning: ClassVar[Text] = Text("outline of a rectangle", "口字形排列")
    pattern: Annotated[Literal["box"], Meaning("pattern", "排列方式")]

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m."""
        return self._of(layouts.box)


class Circle(Table):
    """``pattern = "circle"``: evenly on a circle."""

    meaning: ClassVar[Text] = Text("evenly on a circle", "圆形排列")
    pattern: Annotated[Literal["circle"], Meaning("pattern", "排列方式")]
    count: Annotated[int, Meaning("number of boreholes", "孔数"), Field(ge=1, le=10000)]
    radius: Annotated[float, Measure("length", "radius of the circle", "圆半径", 0, 5000, True)]

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m, counter-clockwise from the x axis."""
        return layouts.circle(self.count, self.radius)


class Free(Table):
    """``pattern = "free"``: coordinates listed in the file."""

    meaning: ClassVar[Text] = Text("coordinates listed here", "自由坐标")
    pattern: Annotated[Literal["free"], Meaning("pattern", "排列方式")]
    x: Annotated[
        tuple[Annotated[float, Measure("length", "x", "x", -5000, 5000)], ...],
        Meaning("x of every borehole", "各孔 x 坐标"), Field(min_length=1),
    ]  # fmt: skip
    y: Annotated[
        tuple[Annotated[float, Measure("length", "y", "y", -5000, 5000)], ...],
        Meaning("y of every borehole", "各孔 y 坐标"), Field(min_length=1),
    ]  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """Coordinates without a partner."""
        if len(self.x) != len(self.y):
            yield Finding("y", _UNEQUAL, _SAME_NUMBER, f"{len(self.x)} / {len(self.y)}")

    def coordinates(self) -> Coordinates:
        """Positions (x, y) in m, in the order given."""
        return list(zip(self.x, self.y, strict=False))


class FromFile(Table):
    """``pattern = "file"``: a CSV with x, y, length, buried_depth, radius, tilt, orientation."""

    meaning: ClassVar[Text] = Text(
        "CSV file with columns x, y and optionally length, buried_depth, radius (m), "
        "tilt, orientation (°)",
        "CSV 文件，列为 x、y，可选 length、buried_depth、radius（m）、tilt、orientation（°）",
    )
    pattern: Annotated[Literal["file"], Meaning("pattern", "排列方式")]
    file: Annotated[
        str, Meaning("CSV file, relative to the site folder", "CSV 文件（相对项目文件夹）")
    ]

    def coordinates(self) -> Coordinates:
        """Nothing: the positions stand in the file (``site.boreholes``)."""
        return []


Layout = Annotated[
    Rectangle | Staggered | LShape | UShape | Box | Circle | Free | FromFile,
    Field(discriminator="pattern"),
]
