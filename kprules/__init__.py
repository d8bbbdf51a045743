"""kprules: a declarative rules engine for classification, made for contested definitions."""

__version__ = "0.1.0"
