"""Pages and files of the dashboards."""
