"""Who pays: loan, leasing, and a contract in which a service company invests (合同能源管理).

Flows are seen from the payer: costs positive for :func:`loan_payments` and :func:`leasing`, gains
positive for the two sides of a contract. Year 0 first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.cash_flow import (
    annuity_factor,
    internal_rate_of_return,
    present_value,
    static_payback,
)
from diwen.design.input_checks import number, refuse
from diwen.language import Text
from diwen.problems import Problem

Floats = NDArray[np.float64]

_SHARE = Text("the share must lie between 0 and 1", "分享比例应在 0 与 1 之间")
_GIVE_SHARE = Text("write 0.8 for 80 %", "80 % 写作 0.8")
_TERM = Text(
    "the contract is longer than the study or shorter than a year", "合同期超出分析年限或不足一年"
)
_GIVE_TERM = Text("write a term from 1 to {years} years", "合同期应为 1–{years} 年")


@dataclass(frozen=True, eq=False)
class Side:
    """What one side of a contract gets.

    Attributes
    ----------
    flows : gains by year, CNY, shape (years + 1,)
    rate : discount rate
    """

    flows: Floats
    rate: float

    @property
    def worth(self) -> float:
        """Net present value, CNY."""
        return float(present_value(self.flows, self.rate))

    @property
    def rate_of_return(self) -> float:
        """Internal rate of return; nan where there is none."""
        return float(internal_rate_of_return(self.flows))

    @property
    def payback(self) -> float:
        """Static payback, a."""
        return float(static_payback(self.flows))


def loan_payments(principal: float, rate: float, term: int, years: int) -> Floats:
    """Equal yearly payments of a loan paid out in year 0, CNY, shape (years + 1,).

    The money received stands with a minus in year 0, so that the flows add to those of the plant.
    """
    _check(term, years)
    flows = np.zeros(years + 1)
    flows[0] = -principal
    flows[1 : term + 1] = principal / float(annuity_factor(rate, term))
    return flows


def leasing(investment: float, rent: float, term: int, years: int, purchase: float = 0.0) -> Floats:
    """Flows to add to a plant that is leased: rent instead of the investment, CNY.

    Parameters
    ----------
    investment : that the lessor pays in year 0
    rent : yearly, at the end of years 1..term
    purchase : paid at the end of the term
    """
    _check(term, years)
    flows = np.zeros(years + 1)
    flows[0] = -investment
    flows[1 : term + 1] = rent
    flows[term] += purchase
    return flows


def energy_performance_contract(
    investment: float, savings: ArrayLike, contractor_share: float, term: int, rate: float
) -> tuple[Side, Side]:
    """Shared savings: the contractor invests and gets its share of the savings during the term.

    Parameters
    ----------
    investment : paid by the contractor in year 0, CNY
    savings : of running costs in years 1..N, CNY, shape (N,)
    contractor_share : of the savings during the term
    term : years

    Returns
    -------
    Side, Side : of the owner, of the contractor; together they are the plant's own flows
    """
    saved = np.asarray(savings, dtype=float)
    years = len(saved)
    problems: list[Problem] = []
    problems += number("contract", "investment", investment, positive=False)
    if not 0.0 <= contractor_share <= 1.0:
        value = f"{contractor_share:g}"
        problems.append(Problem("contract", "contractor_share", _SHARE, _GIVE_SHARE, value))
    problems += _term_problems(term, years)
    refuse(problems)
    within = np.arange(1, years + 1) <= term
    contractor = np.where(within, contractor_share * saved, 0.0)
    owner = saved - contractor
    return (
        Side(np.concatenate(([0.0], owner)), rate),
        Side(np.concatenate(([-investment], contractor)), rate),
    )


def _check(term: int, years: int) -> None:
    refuse(_term_problems(term, years))


def _term_problems(term: int, years: int) -> list[Problem]:
    if 1 <= term <= years:
        return []
    return [Problem("contract", "term", _TERM, _GIVE_TERM.format(years=years), f"{term}")]
