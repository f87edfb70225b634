"""Composition root and facade: what the window and the command line may ask for."""
