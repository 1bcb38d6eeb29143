"""Databases of networks. The layer that holds them is attached only where the connection's own address says where a
reader is.
"""
