"""The promises, each with a test that can fail."""
