"""Rule files as text: the grammar, the tree as written, the printer."""
