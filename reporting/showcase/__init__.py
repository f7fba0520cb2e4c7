"""Case studies and learning. The room is kept for stories told with consent."""
