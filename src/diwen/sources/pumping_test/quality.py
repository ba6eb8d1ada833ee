"""What to mind when judging a test: flow, storage of the well, trend before, bounds of the method.

The numbers here are conventions of practice and arguments everywhere: wellbore storage until
25 r_c²/T (I. S. Papadopulos, H. H. Cooper, Water Resour. Res. 3 (1967) 241), u below 0.05 or
0.01 for the straight line.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.sources.pumping_test.record import PumpingTest

Floats = NDArray[np.float64]

UNEVEN_FLOW = Text(
    "the flow is not constant (it varies by {percent:.1f} %): trust the curve fit with steps, not "
    "the straight line",
    "流量不恒定（变幅 {percent:.1f} %）：应以分段流量曲线拟合为准，不宜采用直线法",
)
STORAGE = Text(
    "readings before {seconds:.0f} s hold the storage of the well (t < 25 r_c²/T)",
    "{seconds:.0f} s 以前的读数受井筒储水影响（t < 25 r_c²/T）",
)
PUMPED_WELL = Text(
    "the storativity comes from the pumped well and holds its losses: use the transmissivity only",
    "储水系数由抽水井自身求得，含井损影响：仅可采用导水系数",
)
ODD_STORAGE = Text(
    "a storativity of {value:.2g} is unusual (1e-6 to 0.4)",
    "储水系数 {value:.2g} 异常（常见范围 1e-6～0.4）",
)
TREND = Text(
    "the level moved by {rate:.3g} m/d before the test, {share:.0f} % of the drawdown over the "
    "test: correct it",
    "试验前水位变化 {rate:.3g} m/d，折合试验期降深的 {share:.0f} %：应予校正",
)
NOT_COMPLETE = Text(
    "partial penetration and layering are not corrected",
    "未作非完整井及分层校正",
)
SHORT = Text(
    "the readings span only {decades:.1f} decades of time",
    "读数仅跨越 {decades:.1f} 个对数周期",
)
NOT_REACHED = Text(
    "u is never below {limit:g} at the observation well: the straight line does not hold",
    "观测井处 u 始终不小于 {limit:g}：直线法不适用",
)
THIN_AQUIFER = Text(
    "the drawdown reaches {share:.0f} % of the thickness: correct it if the aquifer has a free "
    "surface",
    "最大降深达含水层厚度的 {share:.0f} %：若为潜水含水层应作校正",
)


def storage_end(casing_radius: float, transmissivity: float, factor: float = 25.0) -> float:
    """Until when the storage of the pumped well is felt in it, factor r_c²/T, s."""
    return factor * casing_radius**2 / transmissivity


def flow_variation(test: PumpingTest) -> float:
    """Largest departure of the flow from its mean while pumping, relative."""
    mean = test.mean_flow
    pumping = test.steps.flow[test.steps.flow != 0.0]
    return float(np.abs(pumping / mean - 1.0).max())


def flow_hints(test: PumpingTest, allowed: float = 0.05) -> tuple[Text, ...]:
    """A hint where the flow varies by more than ``allowed``, relative."""
    varies = flow_variation(test)
    return (UNEVEN_FLOW.format(percent=100.0 * varies),) if varies > allowed else ()


def curve_hints(test: PumpingTest, transmissivity: float, storativity: float) -> tuple[Text, ...]:
    """What any fit of T (m²/s) and S over a whole curve must say."""
    hints = []
    pumped = [well for well in test.observations if well.pumped]
    if pumped:
        ends = storage_end(pumped[0].distance, transmissivity)
        if min(float(well.time[0]) for well in pumped) - test.start < ends:
            hints.append(STORAGE.format(seconds=ends))
    if len(pumped) == len(test.observations):
        hints.append(PUMPED_WELL)
    elif not 1e-6 <= storativity <= 0.4:
        hints.append(ODD_STORAGE.format(value=storativity))
    since = np.concatenate([well.time for well in test.observations]) - test.start
    since = since[since > 0.0]
    span = math.log10(float(since.max() / since.min()))
    if span < 1.5:
        hints.append(SHORT.format(decades=span))
    hints.append(NOT_COMPLETE)
    return tuple(hints)


def level_trend(time: ArrayLike, level_depth: ArrayLike) -> tuple[float, float]:
    """Trend of the depth to water before the test and its standard error, m/s.

    Parameters
    ----------
    time : s, shape (n >= 3,); level_depth : m below any fixed point, shape (n,)
    """
    t, y = np.asarray(time, float), np.asarray(level_depth, float)
    centred = t - t.mean()
    spread = float(centred @ centred)
    slope = float(centred @ y) / spread
    left = y - y.mean() - slope * centred
    return slope, math.sqrt(float(left @ left) / max(len(t) - 2, 1) / spread)


def trend_hint(test: PumpingTest, slope: float, allowed: float = 0.05) -> tuple[Text, ...]:
    """A hint where a trend of the level (m/s) matters over the test, relative to the drawdown."""
    drawdown = max(float(np.abs(well.drawdown).max()) for well in test.observations)
    share = abs(slope) * (test.end - test.start) / drawdown
    if share <= allowed:
        return ()
    return (TREND.format(rate=slope * 86400.0, share=100.0 * share),)


def thickness_hint(test: PumpingTest, thickness: float, allowed: float = 0.1) -> tuple[Text, ...]:
    """A hint where a drawdown is a large part of the thickness of the aquifer (m)."""
    share = max(float(well.drawdown.max()) for well in test.observations) / thickness
    return (THIN_AQUIFER.format(share=100.0 * share),) if share > allowed else ()
