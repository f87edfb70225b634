"""The one style sheet, written from colour roles and font sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Font sizes in points, relative to the desktop's interface font."""

    body: float

    @property
    def small(self) -> float:
        return self.body - 1.5

    @property
    def section(self) -> float:
        return self.body + 1.5

    @property
    def title(self) -> float:
        return self.body + 7.5


_BASE = """
QWidget {{ color: {text}; font-size: {s_body}pt; }}
QMainWindow, QDialog, QWizard, QWizardPage, QStackedWidget, QWidget[kind="page"] {{ background: {bg}; }}
QWidget[kind="clear"], QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget {{ background: transparent; }}
QToolTip {{ background: {idle}; color: {on_idle}; border: 1px solid {line}; padding: 6px 8px; }}
QFrame[kind="card"] {{ background: {surface}; border: 1px solid {line}; border-radius: 12px; }}
QFrame[kind="well"] {{ background: {sunken}; border: 0; border-radius: 8px; }}
QFrame[kind="nav"] {{ background: {surface}; border: 0; border-right: 1px solid {line}; }}
QFrame[kind="header"], QFrame[kind="footer"] {{ background: transparent; border: 0; border-bottom: 1px solid {line}; }}
QFrame[kind="mapping"] {{ background: transparent; border: 0; border-radius: 11px; }}
QFrame[kind="mapping"][current="true"] {{ background: {tint}; }}
QFrame[kind="rule"] {{ background: {line}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame[kind="mark"] {{ background: {warn_soft}; border: 0; border-radius: 8px; }}
QLabel {{ background: transparent; }}
QLabel[kind="title"] {{ font-size: {s_title}pt; font-weight: 600; }}
QLabel[kind="section"] {{ font-size: {s_section}pt; font-weight: 600; }}
QLabel[kind="strong"] {{ font-weight: 600; }}
QLabel[kind="number"] {{ font-size: {s_title}pt; font-weight: 600; }}
QLabel[kind="muted"] {{ color: {muted}; }}
QLabel[kind="small"] {{ color: {muted}; font-size: {s_small}pt; }}
QLabel[kind="bad"] {{ color: {bad}; }}
QLabel[kind="warn"] {{ color: {warn}; }}
QLabel[kind="ok"] {{ color: {ok}; }}
QLabel[kind="code"] {{ font-family: monospace; background: {sunken}; border-radius: 8px; padding: 8px 12px; }}
QLabel[kind="chip"] {{ border-radius: 9px; padding: 2px 10px; font-size: {s_small}pt; font-weight: 600; }}
QLabel[kind="chip"][level="ok"] {{ background: {ok_soft}; color: {ok}; }}
QLabel[kind="chip"][level="warn"] {{ background: {warn_soft}; color: {warn}; }}
QLabel[kind="chip"][level="bad"] {{ background: {bad_soft}; color: {bad}; }}
QLabel[kind="chip"][level="busy"] {{ background: {accent_soft}; color: {accent}; }}
QLabel[kind="chip"][level="idle"] {{ background: {sunken}; color: {muted}; }}
"""

_BANDS = """
QFrame[kind="bar"] {{ border: 0; border-radius: 8px; }}
QFrame[kind="bar"][level="ok"] {{ background: {ok_soft}; }}
QFrame[kind="bar"][level="ok"] QLabel {{ color: {ok}; font-weight: 600; }}
QFrame[kind="bar"][level="bad"] {{ background: {bad_soft}; }}
QFrame[kind="bar"][level="bad"] QLabel {{ color: {bad}; font-weight: 600; }}
QFrame[kind="bar"][level="idle"] {{ background: {idle}; }}
QFrame[kind="bar"][level="idle"] QLabel {{ color: {on_idle}; font-weight: 600; }}
QFrame[kind="bar"][level="busy"] {{ background: {accent_soft}; }}
QFrame[kind="bar"][level="busy"] QLabel {{ color: {accent}; font-weight: 600; }}
QFrame[kind="bar"][level="warn"] {{ background: {warn_soft}; }}
QFrame[kind="bar"][level="warn"] QLabel {{ color: {warn}; font-weight: 600; }}
QFrame[kind="banner"] {{ border: 1px solid {bad}; border-radius: 8px; background: {bad_soft}; }}
QFrame[kind="banner"][level="warn"] {{ border-color: {warn}; background: {warn_soft}; }}
QFrame[kind="banner"][level="ok"] {{ border-color: {ok}; background: {ok_soft}; }}
QFrame[kind="banner"][level="idle"] {{ border-color: {line}; background: {surface}; }}
QFrame[kind="banner"]:focus {{ border: 2px solid {accent}; }}
"""

_CONTROLS = """
QPushButton {{ background: {surface}; border: 1px solid {line}; border-radius: 8px; padding: 6px 15px;
  min-height: 20px; font-weight: 500; }}
QPushButton:hover {{ background: {sunken}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:disabled {{ color: {muted}; background: {sunken}; border-color: {sunken}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 5px 14px; }}
QPushButton[kind="primary"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent};
  font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[kind="primary"]:disabled {{ background: {sunken}; color: {muted}; border-color: {line}; }}
QPushButton[kind="danger"] {{ color: {bad}; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {accent};
  padding: 6px 3px; }}
QPushButton[kind="link"]:hover {{ background: {accent_soft}; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {accent}; padding: 5px 2px; }}
QPushButton[kind="link"]:disabled {{ color: {muted}; background: transparent; }}
QPushButton[kind="icon"] {{ background: transparent; border: 1px solid transparent; padding: 6px; min-width: 20px; }}
QPushButton[kind="icon"]:hover {{ background: {sunken}; }}
QPushButton[kind="icon"]:focus {{ border: 2px solid {accent}; padding: 5px; }}
QPushButton[kind="nav"] {{ background: transparent; border: 1px solid transparent; text-align: left; padding: 8px 13px;
  color: {muted}; font-weight: 600; }}
QPushButton[kind="nav"]:hover {{ background: {sunken}; color: {text}; }}
QPushButton[kind="nav"]:checked {{ background: {accent_soft}; color: {accent}; }}
QPushButton[kind="nav"]:focus {{ border: 2px solid {accent}; padding: 7px 12px; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QLineEdit, QComboBox, QSpinBox, QDateEdit, QTimeEdit, QPlainTextEdit, QTextEdit {{ background: {surface};
  border: 1px solid {edge}; border-radius: 8px; padding: 6px 11px; min-height: 20px;
  selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus, QTimeEdit:focus, QPlainTextEdit:focus,
QTextEdit:focus {{ border: 2px solid {accent}; padding: 5px 10px; }}
QLineEdit[invalid="true"], QComboBox[invalid="true"] {{ border: 2px solid {bad}; padding: 5px 10px; }}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QTimeEdit:disabled {{ background: {sunken};
  color: {muted}; }}
QLineEdit:read-only {{ background: {sunken}; }}
QComboBox[kind="compact"] {{ padding: 2px 8px; font-size: {s_small}pt; }}
QComboBox[kind="compact"]:focus {{ padding: 1px 7px; }}
QComboBox QLineEdit {{ background: transparent; border: 0; padding: 0; min-height: 0; }}
QComboBox QLineEdit:focus {{ border: 0; padding: 0; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: 0; width: 28px; subcontrol-position: center right; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{arrow_down}"); width: 16px; height: 16px; }}
QSpinBox::up-button, QSpinBox::down-button, QTimeEdit::up-button, QTimeEdit::down-button {{ border: 0; width: 20px;
  background: transparent; }}
QSpinBox::up-arrow, QTimeEdit::up-arrow {{ image: url("{arrow_up}"); width: 12px; height: 12px; }}
QSpinBox::down-arrow, QTimeEdit::down-arrow {{ image: url("{arrow_down}"); width: 12px; height: 12px; }}
QRadioButton, QCheckBox {{ background: transparent; spacing: 10px; min-height: 24px; border: 2px solid transparent;
  border-radius: 6px; padding: 1px 6px 1px 2px; }}
QRadioButton:focus, QCheckBox:focus {{ border: 2px solid {accent}; }}
QRadioButton:disabled, QCheckBox:disabled {{ color: {muted}; }}
QRadioButton::indicator, QCheckBox::indicator {{ width: 18px; height: 18px; }}
QRadioButton::indicator:unchecked {{ image: url("{radio_off}"); }}
QRadioButton::indicator:checked {{ image: url("{radio_on}"); }}
QCheckBox::indicator:unchecked {{ image: url("{box_off}"); }}
QCheckBox::indicator:checked {{ image: url("{box_on}"); }}
"""

_LISTS = """
QTableView, QListView, QTreeView {{ background: {surface}; alternate-background-color: {surface};
  border: 1px solid {line};
  border-radius: 8px; gridline-color: {line}; outline: 0; selection-background-color: {accent_soft};
  selection-color: {text}; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 2px solid {accent}; }}
QTableView::item, QTreeView::item {{ padding: 6px 9px; border: 0; border-bottom: 1px solid {line}; }}
QListView::item {{ padding: 6px 12px; border: 0; }}
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {{ background: {accent_soft};
  color: {text}; }}
QTableView::indicator, QListView::indicator {{ width: 18px; height: 18px; }}
QTableView::indicator:unchecked, QListView::indicator:unchecked {{ image: url("{box_off}"); }}
QTableView::indicator:checked, QListView::indicator:checked {{ image: url("{box_on}"); }}
QPlainTextEdit[readOnly="true"] {{ background: {sunken}; font-family: monospace; font-size: {s_small}pt; }}
QHeaderView {{ background: {sunken}; border: 0; border-top-left-radius: 8px; border-top-right-radius: 8px; }}
QHeaderView::section {{ background: transparent; color: {muted}; border: 0; border-bottom: 1px solid {line};
  padding: 7px 12px; font-size: {s_small}pt; font-weight: 600; text-align: left; }}
QTableCornerButton::section {{ background: {sunken}; border: 0; }}
QComboBox QAbstractItemView, QAbstractItemView[kind="popup"] {{ background: {surface}; border: 1px solid {edge};
  border-radius: 0; padding: 4px; outline: 0; selection-background-color: {accent_soft}; selection-color: {text}; }}
QMenu {{ background: {surface}; border: 1px solid {edge}; padding: 4px; }}
QMenu::item {{ padding: 7px 16px; border-radius: 6px; }}
QMenu::item:selected {{ background: {accent_soft}; }}
QProgressBar {{ background: {sunken}; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 4px; }}
QProgressBar[level="warn"]::chunk {{ background: {warn}; }}
QProgressBar[level="bad"]::chunk {{ background: {bad}; }}
QScrollBar:vertical {{ background: transparent; width: 16px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {edge}; border-radius: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; margin: 2px 2px 2px 8px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; margin: 3px 2px 3px 2px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: 0; background: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QTabBar::tab {{ background: transparent; border: 0; border-bottom: 2px solid transparent; padding: 8px 14px;
  color: {muted}; font-weight: 600; }}
QTabBar::tab:selected {{ color: {accent}; border-bottom: 2px solid {accent}; }}
QTabBar:focus {{ outline: 0; }}
QTabWidget::pane {{ border: 0; }}
QSplitter::handle {{ background: transparent; }}
"""


def style_sheet(colours: Mapping[str, str], sizes: Sizes, images: Mapping[str, str]) -> str:
    """Return the style sheet for one palette; `images` are paths of the painted control marks."""
    values = {
        **colours,
        **images,
        "s_body": f"{sizes.body:g}",
        "s_small": f"{sizes.small:g}",
        "s_section": f"{sizes.section:g}",
        "s_title": f"{sizes.title:g}",
    }
    return "".join(part.format(**values) for part in (_BASE, _BANDS, _CONTROLS, _LISTS))
