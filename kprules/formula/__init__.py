"""Checked definitions: the nodes, what they mean, and how readings are chosen."""
