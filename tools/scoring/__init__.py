"""Measures how well the importer extracts articles from pages, beside other libraries, on public collections that the
developer has fetched.
"""
