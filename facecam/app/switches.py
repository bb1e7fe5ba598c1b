"""What of the picture is shown, as switched by the tools and remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject

from facecam.app.live_tools import LiveTools
from facecam.app.people_panel import PeoplePanel
from facecam.app.settings import Settings
from facecam.app.video_view import VideoView


class Switches(QObject):
    """Landmarks, times, mirror and the list of people: on or off."""

    def __init__(
        self,
        tools: LiveTools,
        view: VideoView,
        panel: PeoplePanel,
        settings: Settings,
    ) -> None:
        super().__init__(tools)
        self._tools, self._view = tools, view
        self._panel, self._settings = panel, settings
        self._mirrored_source: bool | None = None
        tools.landmarks.setChecked(settings.flag("view/landmarks", True))
        tools.timings.setChecked(settings.flag("view/timings", False))
        tools.panel.setChecked(settings.flag("view/panel", True))
        tools.mirror.setEnabled(False)
        for button in (tools.landmarks, tools.timings):
            button.toggled.connect(self._show)
        tools.panel.toggled.connect(self._show_panel)
        tools.mirror.toggled.connect(self._mirror)
        self._show()
        panel.setVisible(tools.panel.isChecked())

    def forget_source(self) -> None:
        """Nothing is watched: there is nothing to mirror."""
        self._mirrored_source = None
        self._tools.mirror.setEnabled(False)

    @property
    def know_source(self) -> bool:
        """Whether `show_source` was told of the source being watched."""
        return self._mirrored_source is not None

    def show_source(self, mirrored: bool) -> None:
        """Mirror a webcam unless the user once said no, and nothing else."""
        if self._mirrored_source is None:
            self._mirrored_source = mirrored
            self._tools.mirror.setEnabled(True)
            self._tools.mirror.setChecked(self._settings.flag(self._kind, mirrored))

    def toggle_panel(self) -> None:
        """Show or hide the people; in full screen they are hidden while switched on."""
        if self._tools.panel.isChecked() and not self._panel.isVisible():
            self._panel.show()
        else:
            self._tools.panel.click()

    def find_person(self) -> None:
        """Let a name be typed, whether the people are shown or not."""
        if not self._panel.isVisible():
            self.toggle_panel()
        self._panel.search.setFocus()

    @property
    def _kind(self) -> str:
        return f"view/mirror {'webcams' if self._mirrored_source else 'others'}"

    def _mirror(self, on: bool) -> None:
        self._view.mirrored = on
        self._view.update()
        if self._mirrored_source is not None:
            self._settings.keep(self._kind, on)

    def _show(self) -> None:
        tools = self._tools
        self._view.landmarks = tools.landmarks.isChecked()
        self._view.timings = tools.timings.isChecked()
        self._view.update()
        self._settings.keep("view/landmarks", self._view.landmarks)
        self._settings.keep("view/timings", self._view.timings)

    def _show_panel(self, on: bool) -> None:
        self._panel.setVisible(on)
        self._settings.keep("view/panel", on)
