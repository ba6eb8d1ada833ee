"""The KPI catalogue: what each number means, wherever it is shown.

Numbers K-01 to K-54 are Diwen's own; the basis names the standard or practice a definition comes
from. Limits and grades do not stand here but in the rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue.

    Attributes
    ----------
    id : ``K-03``
    name : name in both languages
    symbol : formula symbol
    formula : definition as a formula
    unit : unit as printed; empty for a pure number
    quality : lowest data quality class for a judgement (Q1, Q2, Q3); empty: not of that kind
    basis : standard, guideline or practice of the definition
    """

    id: str
    name: Text
    symbol: str
    formula: str
    unit: str
    quality: str
    basis: str


# id, English, Chinese, symbol, formula, unit, quality, basis
_TABLE = (
    ("K-01", "Unit heating COP", "机组制热性能系数", "COP", "Q_h / N", "", "Q1",
     "EN 14511; GB/T 19409"),
    ("K-02", "Unit cooling EER", "机组制冷能效比", "EER", "Q_c / N", "", "Q1",
     "EN 14511; GB/T 19409"),
    ("K-03", "System heating COP", "系统制热性能系数", "COP_sys", "Q_SH / (ΣN_i + ΣN_j)", "",
     "Q1", "GB/T 50801"),
    ("K-04", "System cooling EER", "系统制冷能效比", "EER_sys", "Q_SC / (ΣN_i + ΣN_j)", "",
     "Q1", "GB/T 50801"),
    ("K-05", "System COP, simultaneous heating and cooling", "热冷同供系统性能系数",
     "COP_sys(h+c)", "(Q_sc + Q_sh) / (ΣN_i + ΣN_j)", "", "Q1",
     "journal definition; in no standard found"),
    ("K-06", "Annual coefficient of performance", "全年综合性能系数", "ACOP",
     "0.56 EER + 0.44 COP", "", "", "GB 19577; GB/T 19409"),
    ("K-07", "Heating heat pump metrics", "供暖热泵指标", "COPh, COPdh", "at rating points", "",
     "", "T/BAEE019"),
    ("K-08", "Seasonal performance factor", "季节性能系数", "SPF",
     "ΣQ / ΣE within the boundary", "", "Q1", "SEPEMO"),
    ("K-09", "Performance factor by Annex 52 level", "性能系数（Annex 52 边界）", "SPF",
     "ΣQ / ΣE within the level", "", "Q1", "IEA HPT Annex 52"),
    ("K-10", "Predicted seasonal performance", "预测季节性能", "JAZ, SCOP", "design stage", "",
     "", "VDI 4650; EN 14825"),
    ("K-11", "Pump share of electricity", "输配能耗占比", "φ_p", "ΣN_j / (ΣN_i + ΣN_j)", "%",
     "Q2", "practice"),
    ("K-12", "Water transport factor", "水输送系数", "WTF", "Q / ΣN_pump of the circuit", "",
     "Q2", "GB/T 17981"),
    ("K-13", "Electricity per transported heat", "耗电输热比", "EHR",
     "0.003096 Σ(G H/η_b) / Q", "", "", "GB 50736; GB 50189"),
    ("K-14", "Heat balance ratio of the ground", "地下冷热平衡比", "β",
     "Q_inj / Q_ext, 12 months", "", "Q1", "GB 50366"),
    ("K-15", "Heat imbalance of the ground", "冷热不平衡率", "ε",
     "(Q_inj − Q_ext) / max(Q_inj, Q_ext)", "%", "Q1", "practice"),
    ("K-16", "Cumulative ground heat", "累计取放热偏差", "ΔQ_g", "∫(Q_inj − Q_ext) dt", "kWh",
     "Q1", "practice"),
    ("K-17", "Ground temperature drift", "地温年漂移", "g_T", "Theil–Sen slope", "K/a", "",
     "practice"),
    ("K-18", "Source temperature margin", "地源侧温度裕度", "m_T", "limit − extreme", "K", "Q2",
     "GB 50366"),
    ("K-19", "Heat per borehole length", "单位孔深换热量", "q_L", "Q_g / ΣL", "W/m", "Q1",
     "practice"),
    ("K-20", "Reinjection rate", "回灌率", "η_inj", "V_inj / V_abs", "%", "", "GB 50366"),
    ("K-21", "Water-level trend", "水位趋势", "ds/dt", "Theil–Sen slope of h_ref − h", "m/a",
     "", "practice"),
    ("K-22", "Specific capacity", "单位降深涌水量", "q_s", "V̇ / s", "m³/(h·m)", "",
     "practice"),
    ("K-23", "Specific injectivity", "单位回灌量", "II", "V̇_inj / (h − h_0)", "m³/(h·m)",
     "", "practice"),
    ("K-24", "Temperature difference of abstraction and injection", "抽灌水温差", "ΔT_w",
     "T_abs − T_inj", "K", "Q2", "practice"),
    ("K-25", "Groundwater quality class", "地下水质量类别", "C_w", "worst single indicator", "",
     "", "GB/T 14848"),
    ("K-26", "Room temperature compliance", "室温合格率", "r_T", "Σh(T ≥ T_set − δ) / Σh",
     "%", "", "local heating regulations"),
    ("K-27", "Overheating share", "过热时间占比", "r_o", "Σh(T > T_max) / Σh", "%", "",
     "practice"),
    ("K-28", "Room temperature fluctuation", "室温波动", "σ_T", "standard deviation", "K", "",
     "practice"),
    ("K-29", "Hydraulic imbalance", "水力失调度", "X", "std(x) / mean(x), x_i = q_i / q_i,des",
     "", "Q2", "practice"),
    ("K-30", "Temperature difference index", "供回水温差比", "d", "ΔT / ΔT_design", "", "Q2",
     "practice"),
    ("K-31", "Start frequency", "启停频率", "n_s", "starts / running hour", "1/h", "",
     "practice"),
    ("K-32", "Shortest runs", "最短运行时间", "t_on,p10", "10th percentile of run length", "min",
     "", "practice"),
    ("K-33", "Load factor", "负荷率", "PLR", "Q / Q_rated", "", "Q2", "practice"),
    ("K-34", "Use of installed capacity", "装机利用率", "f_u", "Q / (Q_rated h)", "", "Q2",
     "practice"),
    ("K-35", "Electricity per floor area", "单位面积电耗", "e_A", "ΣE / A", "kWh/m²", "Q2",
     "practice"),
    ("K-36", "Energy signature", "建筑能耗特征线", "UA, T_b", "change-point regression", "kW/K",
     "", "IPMVP"),
    ("K-37", "Valley share of electricity", "谷电占比", "r_v", "E_valley / E", "%", "Q2",
     "practice"),
    ("K-38", "Cost of heat", "供热成本", "c_h", "Σ E p / Q", "yuan/kWh", "Q2", "practice"),
    ("K-39", "Conventional energy replaced", "常规能源替代量", "Q_s", "Q_t − Q_r", "kgce", "Q1",
     "GB/T 50801"),
    ("K-40", "Emission reduction", "减排量", "ΔCO₂", "factor · Q_s; BE − PE", "kg", "Q1",
     "GB/T 50801; grid factors"),
    ("K-41", "Renewable energy", "可再生能源量", "E_RES", "Q (1 − 1/SPF_H2)", "kWh", "Q1",
     "2013/114/EU"),
    ("K-42", "Static payback time", "静态投资回收期", "N", "C / C_s", "a", "", "GB/T 50801"),
    ("K-43", "Water resource tax", "水资源税", "T_w", "r V / 1000", "yuan", "",
     "local measures"),
    ("K-44", "Subsidy", "奖补额", "S", "min(rate A, cap, share I)", "yuan", "",
     "local measures"),
    ("K-45", "Sensor availability", "传感器可用率", "A_s", "valid / expected records", "%", "",
     "practice"),
    ("K-46", "Energy-balance closure", "能量平衡闭合差", "r_E", "(Q_h − Q_c − N) / Q_h", "%", "",
     "first law"),
    ("K-47", "Expanded uncertainty", "扩展不确定度", "U", "k = 2", "%", "", "GUM; EN 1434"),
    ("K-48", "Model agreement", "模型一致性", "NMBE, CV(RMSE)", "", "%", "",
     "ASHRAE Guideline 14"),
    ("K-49", "Unit degradation", "机组性能衰减率", "d_COP", "slope of the COP residual", "%/a",
     "Q1", "practice"),
    ("K-50", "Heat-exchanger approach", "换热器端差", "ΔT_app",
     "difference of terminal temperatures", "K", "", "practice"),
    ("K-51", "Temperature efficiency of a single well", "单井温度效率", "η_T",
     "(T_abs − T_ret) / (T_ground − T_ret)", "", "Q2", "practice"),
    ("K-52", "Alarm response", "报警响应时间", "MTTA, MTTR", "mean of the log", "h", "",
     "practice"),
    ("K-53", "Reports in time", "报告按时率", "r_rep", "in time / due", "%", "", "NB/T 10278"),
    ("K-54", "Weighted score", "综合评分", "Σw·s", "Σ weight · score", "", "", "generic"),
)  # fmt: skip

CATALOGUE: dict[str, Indicator] = {
    row[0]: Indicator(row[0], Text(row[1], row[2]), *row[3:]) for row in _TABLE
}
