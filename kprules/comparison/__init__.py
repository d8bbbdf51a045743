"""Definitions beside cases: the matrix, and what differs."""
