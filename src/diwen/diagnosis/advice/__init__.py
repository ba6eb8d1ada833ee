"""What follows from a diagnosis: the next measurement, measures, their plan and their proof."""
