"""All estimates together: probabilities that share what cannot be told apart."""
