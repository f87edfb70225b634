"""The machine the program runs on: paths, keyring, clock, logs, locks."""
