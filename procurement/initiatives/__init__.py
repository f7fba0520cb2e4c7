"""The council's own activity outside procurement. The room is kept for deeds that no contract holds."""
