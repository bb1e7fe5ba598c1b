"""Tests of facecam.app.theme and facecam.app.icons."""

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QToolButton

from facecam.app import icons, theme

SCHEMES = pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
ICONS = sorted(icons.resources.files(icons).glob("*.svg"))


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = QColor(colour).getRgbF()[:3]
    r, g, b = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@SCHEMES
@pytest.mark.parametrize("below", ["window", "surface", "stage", "hover", "tint"])
def test_all_text_is_readable_on_all_grounds(colours, below):
    ground = getattr(colours, below)
    assert contrast(colours.text, ground) >= 7
    assert contrast(colours.quiet, ground) >= 4.5


@SCHEMES
def test_buttons_signs_and_links_are_readable(colours):
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    for name in ("accent", "danger", "warning", "good"):
        assert contrast(getattr(colours, name), colours.surface) >= 4.5


def test_choosing_a_scheme_changes_every_colour_and_icon(qtbot, qapp):
    button = QToolButton()
    qtbot.addWidget(button)
    icons.wear(button, "close")
    theme.choose("dark")
    assert theme.current() is theme.DARK
    assert qapp.palette().window().color() == QColor(theme.DARK.window)
    drawn = button.icon().pixmap(20, 20).toImage()
    assert drawn.pixelColor(10, 10).lightness() > 200
    theme.choose("light")
    assert theme.current() is theme.LIGHT


def test_what_cannot_be_pressed_is_not_red(qtbot):
    button = QPushButton("Delete…")
    qtbot.addWidget(button)
    button.setProperty("danger", True)
    theme.choose("light")
    button.show()

    def red():
        image = button.grab().toImage()
        edge = [image.pixelColor(image.width() // 2, y) for y in range(image.height())]
        return QColor(theme.LIGHT.danger) in edge

    assert red()
    button.setEnabled(False)
    assert not red()


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_icons_are_of_one_family_and_draw_something(qapp, path):
    text = path.read_text()
    assert 'viewBox="0 0 24 24"' in text
    assert 'stroke-width="1.75"' in text
    assert not re.search("#[0-9a-f]{3}", text)
    drawn = icons.pixmap(path.stem, QColor("red"), 24).toImage()
    red = sum(drawn.pixelColor(x, y).red() > 0 for x in range(24) for y in range(24))
    assert red > 15
