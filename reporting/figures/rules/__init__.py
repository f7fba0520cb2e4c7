"""Pure rules of the figures: periods, sums over cells, progress, and every named figure once."""
