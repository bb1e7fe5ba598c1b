"""Pictures with one textured face each, and what lies in a folder."""

from facecam.gallery import Shot
from tests.fakes import picture

ONE = picture((100, 80, 60))
OTHER = picture((50, 50, 90))
THIRD = picture((20, 40, 110))
TWO_FACES = picture((40, 90, 60), (220, 90, 60))


def shot(image=ONE, **place):
    return Shot(image, **place)


def enrol(gallery, who, *images):
    """Enrol somebody from pictures, ONE if none is given; -> the person."""
    return gallery.enrol(who, [Shot(image) for image in images or (ONE,)]).person


def files_of(folder):
    """The files below a folder, without those that hold nothing of anybody."""
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(set(found) - {"gallery.json", ".generation", ".lock"})


def state(directory):
    """What there is of everybody: every visible file and its content."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and not path.relative_to(directory).parts[0].startswith(".")
    }
