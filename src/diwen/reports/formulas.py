"""The formula of each indicator as the report's appendix prints it, by catalogue number."""

from __future__ import annotations

from diwen.language import Text, same

_LITERATURE = Text("literature", "文献惯例")
_DIWEN = Text("definition of Diwen", "地温定义")

#: Catalogue number to formula and basis.
FORMULAS: dict[str, tuple[Text, Text]] = {
    "K-01": (same("COP = Q_h / N"), same("EN 14511, GB/T 19409")),
    "K-02": (same("EER = Q_c / N"), same("EN 14511, GB/T 19409")),
    "K-03": (same("COP_sys = Q_SH / (ΣN_i + ΣN_j)"), same("GB/T 50801")),
    "K-04": (same("EER_sys = Q_SC / (ΣN_i + ΣN_j)"), same("GB/T 50801")),
    "K-05": (
        Text(
            "COP_sys(h+c) = (Q_sc + Q_sh) / (ΣN_i + ΣN_j), only what is useful at the same time",
            "COP_sys(h+c) = (Q_sc + Q_sh) / (ΣN_i + ΣN_j)，仅计同时有用部分",
        ),
        _LITERATURE,
    ),
    "K-06": (same("ACOP = 0.56 EER + 0.44 COP"), same("GB 19577-2024")),
    "K-08": (
        Text(
            "SPF_H1…H4 = (Q_H + Q_W (+ Q_BU)) / ΣE inside the boundary",
            "SPF_H1…H4 = (Q_H + Q_W (+ Q_BU)) / 边界内 ΣE",
        ),
        same("SEPEMO"),
    ),
    "K-09": (
        Text("SPF_n = useful heat / ΣE inside level n", "SPF_n = 有用热量 / 第 n 级边界内 ΣE"),
        same("IEA HPT Annex 52"),
    ),
    "K-11": (same("φ_p = ΣN_j / (ΣN_i + ΣN_j)"), _LITERATURE),
    "K-12": (same("WTF = Q / ΣN_pump"), same("GB/T 17981")),
    "K-14": (
        Text("β = Q_inj / Q_ext over 12 months", "β = Q_inj / Q_ext（12 个月）"),
        same("GB 50366"),
    ),
    "K-15": (same("ε = (Q_inj − Q_ext) / max(Q_inj, Q_ext)"), _LITERATURE),
    "K-16": (same("ΔQ_g(t) = ∫(Q_inj − Q_ext) dt"), _DIWEN),
    "K-17": (
        Text("Theil–Sen slope, Mann–Kendall p", "Theil–Sen 斜率，Mann–Kendall 检验 p 值"),
        _LITERATURE,
    ),
    "K-18": (
        Text(
            "m_T = min(EWT) − limit (heating); limit − max(LWT) (cooling)",
            "m_T = min(EWT) − 限值（供暖）；限值 − max(LWT)（供冷）",
        ),
        same("GB 50366"),
    ),
    "K-19": (same("q_L = Q_g / ΣL"), _LITERATURE),
    "K-20": (same("η_inj = V_inj / V_abs"), same("GB 50366")),
    "K-21": (
        Text("s = h_ref − h; trend: Theil–Sen", "s = h_ref − h；趋势取 Theil–Sen 斜率"),
        _LITERATURE,
    ),
    "K-22": (same("q_s = V / s"), _LITERATURE),
    "K-23": (same("II = V_inj / (h − h_0)"), _LITERATURE),
    "K-24": (same("ΔT_w = T_abs − T_inj"), _LITERATURE),
    "K-25": (
        Text("class = worst class of all indicators", "类别 = 各指标中的最差类别"),
        same("GB/T 14848"),
    ),
    "K-26": (same("r_T = Σh(T ≥ T_set − δ) / Σh"), _LITERATURE),
    "K-27": (same("r_o = Σh(T > T_max) / Σh"), _LITERATURE),
    "K-28": (same("σ_T = std(T)"), _LITERATURE),
    "K-29": (same("X = std(x) / mean(x), x_i = q_i / q_i,des"), _LITERATURE),
    "K-30": (same("d = ΔT / ΔT_design"), _LITERATURE),
    "K-31": (
        Text("n_s = starts / running hours", "n_s = 启动次数 / 运行小时数"), _DIWEN,
    ),
    "K-32": (
        Text("10th percentile of the running times", "运行时长的第 10 百分位数"), _DIWEN,
    ),
    "K-33": (same("PLR = Q / Q_rated"), _LITERATURE),
    "K-34": (same("f_u = Q_season / (Q_rated · h_season)"), _LITERATURE),
    "K-35": (same("e_A = ΣE / A"), _LITERATURE),
    "K-36": (
        Text("change-point regression of daily Q on T_out", "日热量 Q 对室外温度的变点回归"),
        same("IPMVP"),
    ),
    "K-37": (same("r_v = E_valley / E_total"), _DIWEN),
    "K-38": (
        Text(
            "c_h = (ΣE_t·p_t − subsidy + water tax + O&M) / A or / Q",
            "c_h = (ΣE_t·p_t − 补贴 + 水资源税 + 运维费) / A 或 / Q",
        ),
        _DIWEN,
    ),
    "K-39": (same("Q_s = Q_t − Q_r"), same("GB/T 50801")),
    "K-40": (same("ΔCO2 = V_CO2 · Q_s"), same("GB/T 50801")),
    "K-41": (same("E_RES = Q_use (1 − 1 / SPF_H2)"), same("2013/114/EU")),
    "K-42": (same("N_pb = C / C_s"), same("GB/T 50801")),
    "K-43": (same("T_w = r · V / 1000"), Text("local water-tax rules", "地方水资源税规定")),
    "K-44": (same("S = min(r·A, cap, share·I)"), Text("local subsidy rules", "地方奖补政策")),
    "K-45": (
        Text("A_s = usable / expected records", "A_s = 可用记录数 / 应有记录数"), _DIWEN,
    ),
    "K-46": (same("r_E = (Q_h − Q_c − N) / Q_h"), Text("first law", "热力学第一定律")),
    "K-47": (same("U = 2 u_c"), same("JCGM 100 (GUM)")),
    "K-48": (
        same("NMBE = Σ(m − s) / ((n − p)·m̄); CV(RMSE) = √(Σ(m − s)² / (n − p)) / m̄"),
        same("ASHRAE Guideline 14"),
    ),
    "K-49": (
        Text("slope of the COP residual", "COP 残差的变化斜率"), _LITERATURE,
    ),
    "K-51": (same("(T_pump − T_ret) / (T_ground − T_ret)"), _LITERATURE),
    "K-54": (same("Σ w·s"), same("NB/T 11700-2024")),
}  # fmt: skip
