"""What the window remembers of itself: its size, its switches, its sources."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from facecam.app.words import has_password


class Settings:
    """Typed access to window.ini; a damaged value counts as never set."""

    def __init__(self, path: Path, recent: int) -> None:
        self._ini = QSettings(str(path), QSettings.Format.IniFormat)
        self._recent = recent
        self._secret = ""

    def flag(self, name: str, default: bool) -> bool:
        """Return a switch."""
        return str(self._ini.value(name, default)).lower() == "true"

    def text(self, name: str, default: str = "") -> str:
        """Return a text."""
        return str(self._ini.value(name, default))

    def keep(self, name: str, value: bool | str) -> None:
        """Remember a switch or a text."""
        self._ini.setValue(
            name, str(value).lower() if value in (True, False) else value
        )

    @property
    def geometry(self) -> QByteArray:
        """Where the window was and how large."""
        value = self._ini.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._ini.setValue("window/geometry", value)

    @property
    def source(self) -> str:
        """The last source chosen; "" before one was."""
        return self._secret or self.text("source/last")

    @property
    def recent(self) -> list[str]:
        """Sources chosen lately, the last one first."""
        stored = self._ini.value("source/recent", [])
        listed = stored if isinstance(stored, list) else [stored]
        return [str(source) for source in listed if source]

    def remember_source(self, source: str) -> None:
        """Remember a source; one with a password only until the window closes."""
        self._secret = source if has_password(source) else ""
        if self._secret:
            return
        self._ini.setValue("source/last", source)
        listed = [source, *(s for s in self.recent if s != source)]
        self._ini.setValue("source/recent", listed[: self._recent])

    def save(self) -> None:
        """Write to disk now."""
        self._ini.sync()
