"""Pages about shortfalls, changes, KPIs and the cost of overseeing."""
