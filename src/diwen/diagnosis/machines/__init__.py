"""Flows, pumps, units and well hydraulics."""
