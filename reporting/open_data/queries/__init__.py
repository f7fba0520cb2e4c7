"""Reads of what is public: which pages there are, and what each of them tells."""
