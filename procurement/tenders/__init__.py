"""Requirements, weighting, questions, publication, invitations."""
