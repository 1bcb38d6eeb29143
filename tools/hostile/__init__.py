"""Requests that no honest reader sends: words for paths, parameters and headers, and raw bytes that carry them."""
