"""The widgets that every page is made of."""

from acassist.gui.widgets.buttons import BusyButton, Button, IconButton
from acassist.gui.widgets.field_combo import Combo, FieldCombo, FieldOption
from acassist.gui.widgets.fields import CopyField, Labelled, SearchField, SecretField
from acassist.gui.widgets.labels import Chip, Elided, Heading, SelectableText, Text
from acassist.gui.widgets.layout import Card, Rule, Scroll, clear, column, row
from acassist.gui.widgets.states import ConnectionBar, EmptyState, LevelIcon, ProblemBanner

__all__ = [
    "BusyButton",
    "Button",
    "Card",
    "Chip",
    "Combo",
    "ConnectionBar",
    "CopyField",
    "Elided",
    "EmptyState",
    "FieldCombo",
    "FieldOption",
    "Heading",
    "IconButton",
    "Labelled",
    "LevelIcon",
    "ProblemBanner",
    "Rule",
    "Scroll",
    "SearchField",
    "SecretField",
    "SelectableText",
    "Text",
    "clear",
    "column",
    "row",
]
