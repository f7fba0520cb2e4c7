"""Claims, evidence, supplier inbox."""
