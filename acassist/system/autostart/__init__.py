"""Start at login, one module per operating system."""
