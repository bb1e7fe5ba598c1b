"""Install, import, verify, roll back and remove models."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import facecam
from facecam import artifacts, downloads
from facecam.artifacts import Installed, Manifest, Origin
from facecam.config import Config, EmbedderConfig
from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing
from facecam.installation.converting import Report, convert, now_installed, quiet


def meant(config: Config, name: str) -> Manifest:
    """Return the model of that name; for a kind, the one the configuration names.

    Raises:
        ModelError: there is none.
    """
    chosen = {"detector": config.detector.model, "embedder": config.embedder.model}
    kind = name if name in chosen else None
    return artifacts.find(chosen.get(name, name), kind, config)


def install(config: Config, name: str, report: Report = quiet) -> Installed:
    """Install a model from where it is published.

    Args:
        config: says where models live.
        name: a model, or a kind for the model in use.
        report: told about progress.

    Raises:
        ModelError: no such model; the download or the conversion failed.
    """
    manifest = meant(config, name)
    if manifest.own:
        return convert(config, manifest, *_kept(config, manifest), report)
    if not manifest.url:
        return convert(config, manifest, *_at_hand(manifest), report)
    file = config.models / manifest.kind / manifest.name / "download"
    file = file / manifest.url.rsplit("/", 1)[-1]
    fetching = _part(report, 0.0, 0.5)
    downloads.download(manifest.url, file, manifest.sha256, manifest.size, fetching)
    origin = Origin(file.name, manifest.settings)
    model = convert(config, manifest, file, origin, _part(report, 0.5, 1.0))
    shutil.rmtree(file.parent, ignore_errors=True)
    return model


def import_file(config: Config, path: Path, report: Report = quiet) -> Installed:
    """Install an embedder from a file or folder in any published layout.

    A published checksum says of which; else it must be the one that is configured, or,
    if that is one of the user's own, the usual one.

    Raises:
        WeightsMissing: there is no such file.
        WeightsCorrupt: it is damaged, of another network, or of other training.
    """
    manifest = artifacts.find(config.embedder.model, "embedder", config)
    if manifest.own:  # nobody has published its weights
        manifest = artifacts.find(EmbedderConfig().model, "embedder")
    if not path.exists():
        raise WeightsMissing(f"There is no file {path}.")
    source = path.name
    checksum = "" if path.is_dir() else artifacts.sha256(path)
    for one in artifacts.embedders(config):
        if checksum in one.published.values():
            manifest = one
            break
    else:
        report("The checksum is not a published one: the answers decide", 0.0)
        source = f"{path.name} (checksum unknown, answers as published)"
    origin = Origin(source, manifest.settings)
    return convert(config, manifest, path, origin, report)


def ensure_detector(config: Config, report: Report = quiet) -> Installed:
    """Return the detector, converting it if it is missing or damaged (some seconds).

    A damaged one is made anew from its own weights, so that one of a training run does
    not turn into another; where these are damaged, too, the published one is installed.
    """
    manifest = meant(config, "detector")
    found: Installed | None = None
    try:
        found = artifacts.installed(config.models, manifest.kind, manifest.name)
        if found is not None and found.files.keys() >= set(manifest.files):
            artifacts.verify(found)
            return found
    except (WeightsCorrupt, WeightsMissing):
        report("The detector is damaged and is converted anew", 0.0)
    try:
        if found is not None:
            weights = found.file(artifacts.WEIGHTS)
            return convert(config, manifest, weights, found.origin, report)
    except (WeightsCorrupt, WeightsMissing) as error:
        report(f"Its weights are damaged, too: {error}", 0.0)
    return install(config, manifest.name, report)


def roll_back(config: Config, name: str) -> Installed:
    """Use the version of a model again that was used before the present one.

    Doing it twice brings the present one back.

    Args:
        config: says where models live, and which is in use.
        name: a model, or a kind for the model in use.

    Returns:
        What is in use now.

    Raises:
        ModelError: there is no such model, or no earlier version that is intact.
    """
    manifest = meant(config, name)
    where = config.models, manifest.kind, manifest.name
    artifacts.installed(*where)  # finishes what was interrupted
    earlier = artifacts.before(*where)
    if earlier is None:
        raise ModelError(
            f"There is no earlier version of {manifest.name} to go back to. One is "
            "kept whenever another is installed or deployed."
        )
    artifacts.verify(earlier)
    artifacts.roll_back(earlier.folder.with_name(artifacts.FINAL))
    return now_installed(config, manifest)


def verify(config: Config) -> dict[str, str]:
    """Check every installed model; return what is wrong by model, "" if nothing."""
    findings = {}
    for manifest in artifacts.catalogue(config):
        try:
            model = artifacts.installed(config.models, manifest.kind, manifest.name)
            if model is None:
                continue
            artifacts.verify(model)
            findings[manifest.name] = ""
        except ModelError as error:
            findings[manifest.name] = str(error)
    return findings


def remove(config: Config, name: str) -> None:
    """Remove what is installed of a model, the version before it and any download.

    Raises:
        ModelError: there is no such model, or it is one of the user's own, of which
            nothing would be left to install.
    """
    manifest = meant(config, name)
    if manifest.own:
        raise ModelError(
            f"{manifest.name} is one of your own and cannot be fetched again. To "
            f"delete it for good: facecam models delete {manifest.name}"
        )
    folder = config.models / manifest.kind / manifest.name
    for part in (*artifacts.FOLDERS, "download"):
        shutil.rmtree(folder / part, ignore_errors=True)


def _kept(config: Config, manifest: Manifest) -> tuple[Path, Origin]:
    """Return the weights of one of the user's own, and what to call them.

    Raises:
        WeightsMissing, WeightsCorrupt: they are there no more.
    """
    try:
        found = artifacts.installed(config.models, manifest.kind, manifest.name)
        if found is None:
            raise WeightsMissing("its folder is empty")
        return found.file(artifacts.WEIGHTS), found.origin
    except (WeightsMissing, WeightsCorrupt) as error:
        raise type(error)(
            f"The weights of {manifest.name} are lost: {error}. Delete it (facecam "
            f"models delete {manifest.name}), and put its training run among the "
            "embedders anew: facecam deploy RUN --add"
        ) from error


def _at_hand(manifest: Manifest) -> tuple[Path, Origin]:
    """Return weights that nothing has to be fetched for, and what to call them.

    Raises:
        WeightsMissing: the package that carries them is not installed.
        WeightsCorrupt: a file is not the one published.
    """
    if manifest.package:
        source = f"{manifest.package} {manifest.version}"
        return _package_files(manifest), Origin(source, manifest.settings)
    path = manifest.folder / artifacts.WEIGHTS
    if not path.is_file() or artifacts.sha256(path) != manifest.sha256:
        raise WeightsCorrupt(
            f"{path} is not the file that facecam ships. Install facecam anew, or in a "
            "checkout: git restore models"
        )
    return path, Origin(f"facecam {facecam.__version__}", manifest.settings)


def _package_files(manifest: Manifest) -> Path:
    """Return the folder of the weight files a Python package carries, checked.

    Raises:
        WeightsMissing: the package is not installed.
        WeightsCorrupt: a file is not the one published.
    """
    spec = importlib.util.find_spec(manifest.package)
    if spec is None or spec.origin is None:
        raise WeightsMissing(
            f"The weights of {manifest.name} come with the Python package "
            f"{manifest.package}, which is not installed. "
            f"Run: pip install {manifest.package}=={manifest.version}"
        )
    folder = Path(spec.origin).parent / manifest.subfolder
    for name, checksum in manifest.published.items():
        path = folder / name
        if not path.is_file() or artifacts.sha256(path) != checksum:
            raise WeightsCorrupt(
                f"{path} is not the published file. "
                f"Run: pip install --force-reinstall {manifest.package}"
            )
    return folder


def _part(report: Report, start: float, end: float) -> Report:
    """Return a report whose 0…1 is a part of the whole."""
    return lambda text, done: report(text, start + (end - start) * done)
