"""Rotates the secret by which the API knows CloudFront, without one refused request."""
