"""Stories: the list, one story, its words and photo, and the way to publication."""
