"""Tables too long to be written while somebody waits: a job writes them as a file, which is kept for a while."""
