"""The navigation: names and counts stand beside each other in every language and size of type."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from acassist.assistant.container import Options, translator_for
from acassist.gui import strings
from acassist.gui.navigation import Navigation


@pytest.fixture(params=["en", "es"])
def navigation(request, qtbot) -> Navigation:
    strings.install(translator_for(Options(language=request.param)))
    made = Navigation()
    qtbot.addWidget(made)
    made.resize(made.width(), 600)
    made.show()
    return made


@pytest.mark.parametrize("count", [3, 47, 5_000])
def test_a_count_never_touches_the_name_beside_it(navigation, count, qapp):
    button = navigation.button("issues")
    button.set_count(count)
    QApplication.processEvents()
    words_end = button.sizeHint().width() - 15  # the padding at the right of the words
    assert button._count.geometry().left() >= words_end + 8
    assert button._count.geometry().right() <= button.width()
