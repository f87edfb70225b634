"""Dialogs that never block the event loop."""
