"""From the tree as written to checked definitions, with every problem and its place."""
