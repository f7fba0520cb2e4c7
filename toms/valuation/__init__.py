"""Pure rules: quantity x proxy x attribution, and the working shown."""
