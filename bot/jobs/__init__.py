"""What runs when; each job is one service call."""
