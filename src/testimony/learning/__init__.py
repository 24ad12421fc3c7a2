"""Estimators and their measurement; no spaCy components."""
