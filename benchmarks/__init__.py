"""Measured speed and size of Diwen beside the plain engines: ``python -m benchmarks``."""
