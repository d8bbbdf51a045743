"""Tables as files: Parquet, Arrow and CSV, read in blocks and written whole or not at all.

Guarantee: importing this loads no engine. A line in this room touches paths, bytes and columns; it
knows no definition.
"""
