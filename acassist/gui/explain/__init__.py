"""The page that says why a record is (not) syncing."""
