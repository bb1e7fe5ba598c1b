"""Where frames come from: webcams, network streams, recordings, folders of pictures.

    open_camera("0" | name | id | file | folder | rtsp://… | http://…, config) -> Camera

    protocol    Camera: what all of them offer
    latest      Latest: a slot for the newest value
    devices     which webcams there are, by name and stable id
    reader      reads a device that may hang, without hanging
    live_camera a device behind a reader, as a Camera
    webcam, stream
    recordings  video files and folders
    opening     from a source string to a Camera

BGR ends here: frames are RGB.
"""

from facecam.camera.devices import CameraInfo, list_cameras
from facecam.camera.latest import Latest
from facecam.camera.opening import open_camera
from facecam.camera.protocol import Camera

__all__ = ["Camera", "CameraInfo", "Latest", "list_cameras", "open_camera"]
