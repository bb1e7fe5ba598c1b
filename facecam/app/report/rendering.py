"""The curves as PNG files, drawn by what draws them in the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsView

from facecam import files
from facecam.errors import DisplayMissing
from facecam.report.card import ReportCard

WIDTH = 720
"""Of each picture, logical pixels."""
SCALE = 2.0
"""Pixels per logical pixel."""
NO_SCREEN = (
    "The plots cannot be drawn: Qt does not start here. report.json needs no screen: "
    "facecam report --json"
)


def render(card: ReportCard, folder: Path) -> list[Path]:
    """Draw the three plots of a card in the light scheme; return the files.

    Raises:
        DisplayMissing: Qt cannot be used here.
    """
    app = application()
    from facecam.app import theme
    from facecam.app.report import plots

    theme.choose("light")
    written = []
    for name, chart in (
        ("scores", plots.Scores()),
        ("roc", plots.Roc()),
        ("det", plots.Det()),
    ):
        chart.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        chart.resize(WIDTH, plots.HEIGHT)
        chart.show()
        chart.show_setting(card.setting)
        chart.show_card(card)
        app.processEvents()
        written.append(_save(chart, folder / f"{name}.png"))
        chart.close()
    return written


def application() -> QApplication:
    """Return the application; one without a screen is made if there is none.

    Raises:
        DisplayMissing: Qt cannot be used here.
    """
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        return QApplication(sys.argv[:1])
    except RuntimeError as error:
        raise DisplayMissing(NO_SCREEN) from error


def _save(chart: QGraphicsView, path: Path) -> Path:
    """Draw at twice the size of the screen; the target is the whole picture."""
    image = QImage(chart.size() * SCALE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chart.render(painter)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    files.write(path, bytes(buffer.data().data()))
    return path
