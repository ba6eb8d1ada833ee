"""Evaluations for pages: computed beside them, kept as long as their inputs stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.web.catalogue import Entry, site_of
from diwen.web.work import Job, Workshop

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation


def job(workshop: Workshop, entry: Entry, label: str) -> Job[Evaluation]:
    """The evaluation of a site in a period: running, done, or started now.

    The key holds the files of the site (names, sizes, times) and those of the rules, so that an
    outcome is valid exactly as long as it is found.
    """
    from diwen import rules

    key = ("evaluation", entry.folder, label, entry.signature(), rules.load().digest)

    def compute() -> Evaluation:
        from diwen.evaluation import evaluate

        return evaluate(site_of(entry), label)

    return workshop.job(key, compute)
