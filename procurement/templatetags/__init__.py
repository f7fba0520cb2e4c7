"""What a page says of a later stage than its own."""
