"""The Issues page."""
