"""The data gate: instruments are judged before the plant."""
