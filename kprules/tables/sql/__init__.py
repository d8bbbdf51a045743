"""Definitions as SQL, for a warehouse where Python may not run."""
