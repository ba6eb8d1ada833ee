"""What each deviation costs: counterfactuals of the twin, forecasts, reliability."""
