"""The window; the only package that imports PySide6."""

from acassist.gui.lasting_true import keep_true_alive

keep_true_alive()
