"""The landing page of each role: what needs me now."""
