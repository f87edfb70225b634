"""The engine: observe, match, plan, guard, execute, record."""
