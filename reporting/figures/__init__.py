"""Every named figure once: what it means, how it is computed, how it opens to its rows."""
