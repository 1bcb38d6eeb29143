"""What `make build` does after `sam build`: each function keeps its own package alone."""
