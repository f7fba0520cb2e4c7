"""National, regional and council priorities."""
