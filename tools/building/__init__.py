"""What `make build` does beyond `sam build`: each function is shipped its own package alone."""
