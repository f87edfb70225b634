"""Values and rules without I/O: what the words of this field mean."""
