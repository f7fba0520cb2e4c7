"""The page of one procurement through all its stages: what is missing, what is next (no tables)."""
