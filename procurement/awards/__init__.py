"""Award, contract, commitments frozen with their proxy."""
