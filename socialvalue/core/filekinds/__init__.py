"""What a file is, by its content: one module a kind. Each gives media type, ending and bytes, or refuses."""
