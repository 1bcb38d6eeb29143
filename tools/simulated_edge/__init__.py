"""CloudFront as template.yaml configures it, simulated: the real edge function, and a cache that keeps its key."""
