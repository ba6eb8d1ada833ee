"""The words within formulas and bases of the catalogue, in Chinese."""

from __future__ import annotations

from diwen.language import Text

# Longer phrases stand before the words that they contain.
_CHINESE = (
    ("journal definition; in no standard found", "期刊论文定义；未见于标准"),
    ("local heating regulations", "地方供热管理规定"),
    ("local measures", "地方办法"),
    ("grid factors", "电网排放因子"),
    ("practice", "工程惯例"),
    ("first law", "热力学第一定律"),
    ("generic", "通用方法"),
    ("12 months", "12 个月"),
    ("at rating points", "按名义工况点"),
    ("ΣE within the boundary", "ΣE（边界内）"),
    ("ΣE within the level", "ΣE（该级边界内）"),
    ("design stage", "设计阶段"),
    ("ΣN_pump of the circuit", "ΣN_pump（该回路水泵）"),
    ("Theil–Sen slope of h_ref − h", "h_ref − h 的 Theil–Sen 斜率"),
    ("Theil–Sen slope", "Theil–Sen 斜率"),
    ("limit − extreme", "限值 − 极值"),
    ("worst single indicator", "最差单项指标"),
    ("standard deviation", "标准差"),
    ("starts / running hour", "启动次数 / 运行小时数"),
    ("10th percentile of run length", "单次运行时间的第 10 百分位数"),
    ("change-point regression", "变点回归"),
    ("valid / expected records", "有效记录数 / 应有记录数"),
    ("min(rate A, cap, share I)", "min（单价 × A，上限，比例 × I）"),
    ("factor · Q_s", "因子 · Q_s"),
    ("slope of the COP residual", "COP 残差的斜率"),
    ("difference of terminal temperatures", "两端流体温度之差"),
    ("mean of the log", "报警记录平均值"),
    ("in time / due", "按时份数 / 应交份数"),
    ("Σ weight · score", "Σ 权重 · 得分"),
    ("E_valley", "E_谷"),
    ("Q_rated", "Q_额定"),
    ("ΔT_design", "ΔT_设计"),
)


def in_words(text: str) -> Text:
    """A formula or basis of the catalogue in both languages; symbols and standards stay."""
    chinese = text
    for english, words in _CHINESE:
        chinese = chinese.replace(english, words)
    return Text(text, chinese)
