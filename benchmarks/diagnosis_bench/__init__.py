"""The injection bench of diagnosis: what is put in, what must be said, how often it is.

``python -m benchmarks.diagnosis_bench`` runs every case of the matrix over plants, climates and
lists of points and prints the table that the documentation shows.
"""
