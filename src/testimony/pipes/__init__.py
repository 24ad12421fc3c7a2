"""spaCy components, independent of each other."""
