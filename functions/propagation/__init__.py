"""What follows from a write: the edge is purged, copies are made, and partners are told. The table's stream starts
it.
"""
