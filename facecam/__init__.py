"""Real-time face recognition on the desktop: MTCNN, FaceNet and an SVM per person."""

__version__ = "0.1.0"
