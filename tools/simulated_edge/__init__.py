"""Simulates CloudFront as template.yaml configures it: the real edge function, and a cache with its key."""
