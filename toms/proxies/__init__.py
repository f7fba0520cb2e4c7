"""Values by place and date, with source and licence."""
