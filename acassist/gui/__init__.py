"""The window; the only package that imports PySide6."""

from acassist.gui.lasting_singletons import keep_singletons_alive

keep_singletons_alive()
