"""Writes the tables of base forms that search reads, from simplemma's dictionaries (MIT)."""
