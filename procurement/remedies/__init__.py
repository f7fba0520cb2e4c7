"""What follows when less is delivered than was planned; changes both parties agree; yearly ratings; what it costs."""
