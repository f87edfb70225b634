"""The Setup page and its four wizards."""
