"""What needs me now, for each side."""
