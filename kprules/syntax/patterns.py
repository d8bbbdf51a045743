"""What words and texts look like to whatever looks at a file without parsing it.

Guarantee: no pattern goes back over what it has read, so that time grows with the text alone. A
line in here is a pattern.
"""

WORD = r"[^\W\d][\w-]*+"

TEXT = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+'
"""A text in quotes up to its last quote, which may be missing."""

COMMENT = r"\#[^\n]*+"
