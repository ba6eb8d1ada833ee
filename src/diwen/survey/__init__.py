"""What the ground told: reading, checking and evaluating thermal response tests."""
