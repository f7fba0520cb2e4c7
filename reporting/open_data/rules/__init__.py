"""What may be told to everybody: small numbers, one member against its region, and the tables that result. Pure."""
