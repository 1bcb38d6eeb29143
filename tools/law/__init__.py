"""Makes what the law's file (`content_api/law/law.json`) decides elsewhere: `python -m law`."""
