"""What no honest reader sends: words for paths, parameters and headers, and requests in bytes that carry them."""
