"""SOQL of the supported grammar: text → tree → rows; everything else is refused, never answered wrongly."""
