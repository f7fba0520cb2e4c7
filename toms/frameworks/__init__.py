"""Framework, edition, theme, outcome, measure; publish, adopt."""
