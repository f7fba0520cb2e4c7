"""Letters from stored due dates, each sent once, and the calendar feed."""
