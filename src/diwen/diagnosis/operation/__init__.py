"""Loads, setpoints, schedules, staging, back-ups."""
