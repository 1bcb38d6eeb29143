"""Quotas of AWS that bound what this API keeps and answers."""

# What Lambda hands on of an answer: 6 MB ("Quotas" in its developer guide), of which its other members and what API
# Gateway adds take little.
LARGEST_BODY = 6_000_000  # bytes, as a JSON string
