"""From estimates to findings: shapes in time, probabilities, all deviations at once."""
