"""Rule files and case files, read and written."""
