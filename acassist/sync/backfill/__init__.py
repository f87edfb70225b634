"""Backfill of existing records: estimate, canary, a flow that overlaps reading, importing and listing, and resuming."""
