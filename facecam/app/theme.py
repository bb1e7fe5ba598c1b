"""Colours and shapes of the window: two palettes, one style sheet, one accent.

`apply` follows the system's light or dark scheme; `choose` overrides it. Sizes
are logical pixels on a grid of 8; text has the size of the system's font.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from facecam.app import icons

_CHOSEN = "scheme"
SCHEMES = {
    "auto": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


@dataclass(frozen=True)
class Colours:
    """Every colour of the window; text and what is below it differ 4.5 to 1."""

    window: str
    """Behind the header and the status line."""
    surface: str
    """Behind the people list, cards and notices."""
    stage: str
    """Around the video."""
    line: str
    """Borders and separators."""
    hover: str
    pressed: str
    text: str
    quiet: str
    """Text of second rank."""
    accent: str
    accent_hover: str
    on_accent: str
    tint: str
    """The accent as a background."""
    danger: str
    warning: str
    good: str


LIGHT = Colours(
    window="#f6f7f9",
    surface="#ffffff",
    stage="#e8eaee",
    line="#dcdfe4",
    hover="#eceef2",
    pressed="#e0e3e9",
    text="#1a1d22",
    quiet="#59606b",
    accent="#2a5fdc",
    accent_hover="#2152c4",
    on_accent="#ffffff",
    tint="#e6edfd",
    danger="#b3261e",
    warning="#8a5a00",
    good="#1a7f43",
)
DARK = Colours(
    window="#1c1e22",
    surface="#25282d",
    stage="#131417",
    line="#363a41",
    hover="#2f3339",
    pressed="#3a3f47",
    text="#eceef1",
    quiet="#a5acb7",
    accent="#84a9ff",
    accent_hover="#9cbaff",
    on_accent="#10182a",
    tint="#2a3550",
    danger="#ff8a80",
    warning="#f2c063",
    good="#5fd08f",
)


def current() -> Colours:
    """Return the colours of the scheme in force."""
    scheme = QGuiApplication.styleHints().colorScheme()
    app = QGuiApplication.instance()
    if app is not None and app.property(_CHOSEN) in ("light", "dark"):
        scheme = SCHEMES[app.property(_CHOSEN)]
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def choose(scheme: str) -> None:
    """Use "light" or "dark", or follow the system with "auto".

    The system is told, too, for the window's frame; not every platform listens.
    """
    app = QGuiApplication.instance()
    assert app is not None
    app.setProperty(_CHOSEN, scheme)
    QGuiApplication.styleHints().setColorScheme(SCHEMES[scheme])
    apply()


def apply() -> None:
    """Give the application the palette and style sheet of the scheme in force."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    colours = current()
    if app.property("colours") == colours:
        return
    app.setProperty("colours", colours)
    app.setPalette(palette(colours))
    app.setStyleSheet(_SHEET.substitute(asdict(colours)))
    icons.refresh()


def palette(colours: Colours) -> QPalette:
    """Return the colours as a palette, for what Fusion draws itself."""
    role = QPalette.ColorRole
    result = QPalette()
    for roles, colour in (
        ((role.Window,), colours.window),
        ((role.Base, role.ToolTipBase, role.AlternateBase), colours.surface),
        ((role.Button,), colours.surface),
        ((role.WindowText, role.Text, role.ButtonText), colours.text),
        ((role.ToolTipText,), colours.text),
        ((role.PlaceholderText,), colours.quiet),
        ((role.Highlight, role.Accent, role.Link), colours.accent),
        ((role.HighlightedText, role.BrightText), colours.on_accent),
        ((role.Mid, role.Midlight, role.Dark), colours.line),
    ):
        for one in roles:
            result.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(colours.quiet)
        faded.setAlphaF(0.6)
        result.setColor(QPalette.ColorGroup.Disabled, one, faded)
    return result


_SHEET = Template("""
#header, #statusLine { background: $window; }
#header { border-bottom: 1px solid $line; }
#statusLine { border-top: 1px solid $line; }
#statusLine QLabel, QLabel#quiet { color: $quiet; }
#statusLine QLabel#state { color: $text; }
#place { background: $stage; }
#panel { background: $surface; border-left: 1px solid $line; }
#heading { font-weight: 600; }

QPushButton, QToolButton {
    border: 1px solid $line; border-radius: 8px; background: $surface; color: $text;
    padding: 0 12px; min-height: 34px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; outline: 0; }
QPushButton:disabled, QToolButton:disabled { background: transparent; color: $quiet; }
QPushButton[primary="true"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[primary="true"]:hover, QPushButton[primary="true"]:pressed {
    background: $accent_hover;
}
QPushButton[primary="true"]:focus { border: 2px solid $text; padding: 0 11px; }
QPushButton[primary="true"]:disabled {
    background: $pressed; border-color: $pressed; color: $quiet;
}
QLabel#wrong { color: $danger; }
QPushButton[danger="true"] { color: $danger; border-color: $danger; }
QPushButton[danger="true"]:disabled { color: $quiet; border-color: $line; }
QToolButton[flat="true"], QPushButton[flat="true"] {
    border-color: transparent; background: transparent;
}
QToolButton[flat="true"] { padding: 0; min-width: 34px; }
QToolButton[flat="true"]:hover, QPushButton[flat="true"]:hover { background: $hover; }
QToolButton[flat="true"]:checked { background: $tint; }
QToolButton[flat="true"]:focus, QPushButton[flat="true"]:focus {
    border-color: $accent;
}
QToolButton[place="true"] {
    border-color: transparent; background: transparent; padding: 0 6px;
}
QToolButton[place="true"]:hover { background: $hover; }
QToolButton[place="true"]:checked { background: $tint; font-weight: 600; }
QToolButton[place="true"]:focus { border-color: $accent; }
#line { background: $line; }
#sheet {
    background: $surface; border: 1px solid $line; border-radius: 12px;
}
#bare, #bare > QWidget > QWidget { background: transparent; }
#segments { background: $pressed; border-radius: 10px; }
QToolButton[segment="true"] {
    border-color: transparent; background: transparent; padding: 0 12px;
    min-height: 28px; border-radius: 7px; color: $quiet;
}
QToolButton[segment="true"]:hover { color: $text; }
QToolButton[segment="true"]:checked {
    background: $surface; color: $text; font-weight: 600;
}
QToolButton[segment="true"]:focus { border-color: $accent; }
#placeBar { background: $window; border-bottom: 1px solid $line; }
#actionBar { background: $surface; border-top: 1px solid $line; }
#sidebar { background: $surface; border-right: 1px solid $line; }
QLineEdit[heading="true"] {
    border-color: transparent; background: transparent; padding: 0 6px;
    font-weight: 600;
}
QLineEdit[heading="true"]:hover { background: $hover; }
QLineEdit[heading="true"]:focus { background: $window; border-color: $accent; }
QLineEdit[note="true"] {
    border-color: transparent; background: transparent; padding: 0 6px;
    min-height: 26px;
}
QLineEdit[note="true"]:hover { background: $hover; }
QLineEdit[note="true"]:focus { background: $surface; border-color: $accent; }
QPlainTextEdit#log {
    background: $window; color: $text; border-radius: 8px; padding: 4px;
}
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget#column { background: transparent; }
QPushButton[link="true"] {
    border: none; background: transparent; color: $accent; font-weight: 600;
    padding: 0 4px; min-height: 24px;
}
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border: 1px solid $accent; border-radius: 4px; }
QPushButton#source { text-align: left; padding: 0 10px; font-weight: 500; }
QPushButton#source::menu-indicator { image: none; width: 0; }
QPushButton[opens="true"]::menu-indicator { image: none; width: 0; }
QPushButton#choice { text-align: left; padding: 0 16px; min-height: 46px; }

QLineEdit {
    border: 1px solid $line; border-radius: 8px; background: $surface;
    padding: 0 10px; min-height: 34px; selection-background-color: $accent;
    selection-color: $on_accent;
}
QLineEdit:focus { border: 1px solid $accent; }
#panel QLineEdit { background: $window; }
QListView { border: none; background: transparent; outline: 0; }
QListWidget::item { border-radius: 8px; padding: 0 6px; color: $text; }
QListWidget::item:hover { background: $hover; }
QListWidget::item:selected { background: $tint; color: $text; }
QListView QLineEdit { min-height: 28px; padding: 0 6px; border-radius: 6px; }

#card, #notice {
    background: $surface; border: 1px solid $line; border-radius: 12px;
}
#notice[kind="error"] { border-color: $danger; }
#notice[kind="error"] QLabel#noticeText { color: $text; }

#strangerCard {
    background: $surface; border: 1px solid $line; border-radius: 12px;
}
#strangerCard:hover { border-color: $quiet; }
#strangerCard[chosen="true"] { background: $tint; border-color: $accent; }
#option { background: $surface; border: 1px solid $line; border-radius: 12px; }
#option:hover { border-color: $quiet; }
#option[chosen="true"] { background: $tint; border-color: $accent; }
#drop { border: 2px dashed $line; border-radius: 12px; }
QLabel#badge {
    background: $tint; color: $accent; border-radius: 14px; font-weight: 600;
}
QLabel#mark {
    background: $surface; color: $accent; border: 1px solid $accent;
    border-radius: 9px; padding: 0 8px; min-height: 18px;
}

QComboBox {
    border: 1px solid $line; border-radius: 8px; background: $surface; color: $text;
    padding: 0 10px; min-height: 34px;
}
QComboBox:hover { background: $hover; }
QComboBox:focus { border-color: $accent; }
QComboBox:disabled { color: $quiet; background: transparent; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $line; padding: 4px;
    selection-background-color: $tint; selection-color: $text; outline: 0;
}
#filters { background: $window; border-bottom: 1px solid $line; }
QTableView {
    border: none; background: $surface; color: $text; outline: 0;
    selection-background-color: $tint; selection-color: $text;
}
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $quiet; border: none;
    border-bottom: 1px solid $line; padding: 8px 12px;
}

QMenu {
    background: $surface; border: 1px solid $line; border-radius: 10px; padding: 6px;
}
QMenu::item { padding: 8px 24px 8px 12px; border-radius: 6px; }
QMenu::item:selected { background: $tint; color: $text; }
QMenu::item:disabled { color: $quiet; background: transparent; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QMenu::section { color: $quiet; padding: 6px 12px 2px; }
QToolTip {
    background: $surface; color: $text; border: 1px solid $line; padding: 6px;
}
QProgressBar {
    border: none; border-radius: 3px; background: $line; max-height: 6px;
    min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical {
    background: $line; border-radius: 3px; min-height: 32px;
}
QScrollBar::handle:vertical:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle:horizontal {
    background: $line; border-radius: 3px; min-width: 32px;
}
QScrollBar::handle:horizontal:hover { background: $quiet; }
#reportTable::item { padding: 0 12px; border: none; }
QSlider { min-height: 28px; }
QSlider::groove:horizontal { height: 6px; border-radius: 3px; background: $line; }
QSlider::sub-page:horizontal { border-radius: 3px; background: $accent; }
QSlider::handle:horizontal {
    width: 20px; height: 20px; margin: -7px 0; border-radius: 10px;
    background: $surface; border: 2px solid $accent;
}
QSlider::handle:horizontal:hover { background: $tint; }
QSlider:focus { border: none; }
QSlider::handle:horizontal:focus { background: $accent; }
""")
