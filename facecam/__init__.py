"""Real-time face recognition on the desktop: MTCNN, FaceNet and an SVM per person."""

import os

# OpenCV looks at these when it is loaded, so they are said before any module loads it.
# Opening a webcam takes Windows up to minutes otherwise (OpenCV issue 17687).
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# What OpenCV and FFmpeg would print, facecam says itself, in words for the user.
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

__version__ = "0.1.0"
