"""Asks the API every two minutes, as a reader would, and reports whether readers get what they should."""
