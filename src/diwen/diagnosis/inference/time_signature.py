"""The shape of a deviation in time: none, constant, a step, growth, a saw-tooth."""
