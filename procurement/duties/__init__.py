"""What the law asks of a procurement and when: notices, standstill, indicators; what is due and who did it."""
