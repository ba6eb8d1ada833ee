"""Thermal response tests: conductivity and borehole resistance from a heated borehole."""
