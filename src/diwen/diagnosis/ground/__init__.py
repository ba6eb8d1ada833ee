"""The ground and the wells: what their temperatures say."""
