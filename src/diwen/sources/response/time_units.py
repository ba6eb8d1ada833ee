"""Lengths of time in seconds, as every model of a source counts them: a year has 365 days."""

from __future__ import annotations

HOUR = 3600.0
"""s"""
DAY = 24.0 * HOUR
"""s"""
HOURS_PER_YEAR = 8760
YEAR = HOURS_PER_YEAR * HOUR
"""s, of 365 days"""
