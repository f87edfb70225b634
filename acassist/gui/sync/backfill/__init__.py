"""Backfill existing records: the form, the estimate, and where the work stands."""
