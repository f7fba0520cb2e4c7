"""Pure rules of a Cabinet report: its words, its layout, its frozen form."""
