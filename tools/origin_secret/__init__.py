"""Rotates the secret that proves to the API that a request came through CloudFront. No request is refused meanwhile."""
