"""Both sensors of a source pair that drift together."""

from __future__ import annotations

from diwen.diagnosis.finding import SensorFinding
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.record.operating_record import OperatingRecord


def common_drifts(record: OperatingRecord, limits: GateLimits) -> list[SensorFinding]:
    """Pairs that drift together."""
    return []
