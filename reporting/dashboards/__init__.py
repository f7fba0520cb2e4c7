"""Council and region."""
