"""Stories: what a delivery meant to people, told with consent and published by a second person."""
