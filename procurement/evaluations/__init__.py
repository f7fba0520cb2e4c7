"""Opening, marks, scores, ranking."""
