"""One detector, ours or another project's, timed on request (see bench_peers.py).

    python peers.py NAME MIN_FACE THREADS PICTURE.npy…

Runs inside that project's environment. Answers each line {"picture": 0, "whole": true}
on standard input with {"seconds": …, "faces": …}: the time to find the faces of a
picture or, whole, to find, embed and name them. The first line says what it can do.
"""

from __future__ import annotations

import json
import os
import sys
import time
import types
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

PEOPLE = 10
"""Centroids that peers without an identifier of their own compare with."""

Work = Callable[[Any], int]
"""An RGB picture in, the number of faces found out."""


def main() -> None:
    """Load one peer, then answer until the input ends."""
    name, min_face, threads, *pictures = sys.argv[1:]
    answers = _keep_output_clean()
    warnings.simplefilter("ignore")
    numpy = import_module("numpy")
    images = [numpy.load(path) for path in pictures]
    detect, whole = PEERS[name](int(min_face), int(threads), images)
    _tell(answers, {"whole": whole is not None})
    for line in sys.stdin:
        asked = json.loads(line)
        work = whole if asked["whole"] and whole else detect
        image = images[asked["picture"]]
        began = time.perf_counter()
        faces = work(image)
        _tell(answers, {"seconds": time.perf_counter() - began, "faces": faces})


def facecam(min_face: int, threads: int, images: list[Any]) -> tuple[Work, Work | None]:
    """Ours: the code that the window runs, without tracks."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    config, pipeline = (
        import_module("facecam.config"),
        import_module("facecam.pipeline"),
    )
    chosen = config.override(
        config.load(),
        {"detector": {"min_face": min_face}, "runtime": {"threads": threads}},
    )
    import_module("facecam.installation").ensure_detector(chosen)
    recognizer = pipeline.build_recognizer(chosen)
    detector, embedder = recognizer.detector, recognizer.embedder

    def detect(image: Any) -> int:
        return len(detector.detect(image))

    found = next(((i, d) for i in images if len(d := detector.detect(i))), None)
    if embedder is None or found is None:
        return detect, None
    faces = import_module("facecam.faces")
    embeddings = embedder.embed(embedder.crop(*found))
    people = {
        faces.Identity(str(n), f"Person {n}"): row[None]
        for n, row in enumerate(embeddings)
    }
    identifier = import_module("facecam.vision.identifier").Identifier.fit(
        people, pipeline.load_cohort(chosen), chosen.identifier
    )

    def whole(image: Any) -> int:
        detections = detector.detect(image)
        if len(detections):
            crops = embedder.crop(image, detections)
            identifier.identify(embedder.embed(crops))
        return len(detections)

    return detect, whole


def facenet_pytorch(
    min_face: int, threads: int, images: list[Any]
) -> tuple[Work, Work | None]:
    """MTCNN and FaceNet (untrained: time does not depend on weights) with torch."""
    torch, numpy = import_module("torch"), import_module("numpy")
    torch.set_num_threads(threads)
    stand_in_for_torchvision()
    package = import_module("facenet_pytorch")
    mtcnn = package.MTCNN(keep_all=True, min_face_size=min_face, post_process=True)
    facenet = package.InceptionResnetV1(pretrained=None).eval()
    centroids = torch.randn(PEOPLE, 512)

    def boxes(image: Any) -> Any:
        with torch.no_grad():
            found, _ = mtcnn.detect(image)
        return numpy.empty((0, 4)) if found is None else found

    def whole(image: Any) -> int:
        found = boxes(image)
        if len(found):
            with torch.no_grad():
                embeddings = facenet(mtcnn.extract(image, found, None))
                torch.cdist(embeddings, centroids).argmin(dim=1).tolist()
        return len(found)

    return lambda image: len(boxes(image)), whole


def mtcnn(min_face: int, threads: int, images: list[Any]) -> tuple[Work, None]:
    """The mtcnn distribution; it finds nothing with a smallest face of 25 to 40."""
    tensorflow = import_module("tensorflow")
    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    detector = import_module("mtcnn").MTCNN()

    def detect(image: Any) -> int:
        return len(detector.detect_faces(image, min_face_size=min_face))

    return detect, None


def haar(min_face: int, threads: int, images: list[Any]) -> tuple[Work, None]:
    """OpenCV's cascade with its usual settings."""
    cv2 = import_module("cv2")
    cv2.setNumThreads(threads)
    folder = Path(cv2.data.haarcascades)
    cascade = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))

    def detect(image: Any) -> int:
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        smallest = (min_face, min_face)
        return len(cascade.detectMultiScale(grey, 1.1, 5, minSize=smallest))

    return detect, None


def dlib(min_face: int, threads: int, images: list[Any]) -> tuple[Work, None]:
    """HOG; it knows faces from 80 pixels only, so 40 pixels need one enlargement."""
    detector = import_module("dlib").get_frontal_face_detector()
    enlargements = 0 if min_face >= 80 else 1
    return lambda image: len(detector(image, enlargements)), None


PEERS: dict[str, Callable[..., tuple[Work, Work | None]]] = {
    "facecam": facecam,
    "facenet-pytorch": facenet_pytorch,
    "mtcnn": mtcnn,
    "haar": haar,
    "dlib": dlib,
}


def stand_in_for_torchvision() -> None:
    """Give facenet-pytorch the two functions it needs of torchvision.

    torchvision is large and tied to one version of torch; OpenCV's suppression is as
    fast as its own.
    """
    torch, cv2 = import_module("torch"), import_module("cv2")

    def batched_nms(boxes: Any, scores: Any, groups: Any, max_iou: float) -> Any:
        if len(boxes) == 0:
            return torch.empty(0, dtype=torch.int64)
        corners = boxes.double().clone()
        corners[:, 2:] -= corners[:, :2]
        corners[:, 0] += groups.double() * (boxes.max() - boxes.min() + 1)
        kept = cv2.dnn.NMSBoxes(corners.tolist(), scores.tolist(), 0.0, max_iou)
        return torch.as_tensor(list(kept), dtype=torch.int64)

    def to_tensor(picture: Any) -> Any:
        return torch.from_numpy(picture.transpose(2, 0, 1).copy())

    parts: dict[str, dict[str, Any]] = {
        "torchvision": {},
        "torchvision.ops": {},
        "torchvision.ops.boxes": {"batched_nms": batched_nms},
        "torchvision.transforms": {},
        "torchvision.transforms.functional": {"to_tensor": to_tensor},
    }
    for name, content in parts.items():
        module = types.ModuleType(name)
        vars(module).update(content)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)


def _keep_output_clean() -> TextIO:
    """Send what libraries print to standard error; return the real output."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _tell(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
