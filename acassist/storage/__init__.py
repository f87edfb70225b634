"""One SQLite file per profile: links, cursors, intents, issues, history, settings."""
