"""The record of a site on whole hours."""
