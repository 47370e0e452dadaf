"""The classifier that the configuration names."""

from commentariat import ConfigError
from flows.settings.config import Config
from models.calibration_file import CalibrationError
from tasks.classify import ClassifierChoice


def configured_classifier(config: Config) -> ClassifierChoice:
    """Choose the classifier that the configuration names, with the configured number of threads; 0 is every core."""
    return ClassifierChoice(
        model=config.model.name,
        taxonomy=config.topics.taxonomy,
        threads=config.model.threads,
        stated_right=config.model.stated_right,
        calibration=config.model.calibration_text(),
        model_folder=config.model.folder,
        taxonomy_file=config.topics.file,
    )


def classifier_to_recalibrate(config: Config) -> tuple[ClassifierChoice, bool]:
    """Choose the configured classifier, without its calibration if this one cannot be used; and say whether it is used.

    Otherwise, a new calibration could not be fitted just where one is needed: after an upgrade, or if its file is lost.
    """
    model = config.model.model_copy(update={"calibration": None})
    without = configured_classifier(config.model_copy(update={"model": model}))
    try:
        choice = configured_classifier(config)
    except ConfigError:  # the file cannot be read
        return without, False
    try:
        choice.load()
    except CalibrationError:
        return without, False
    return choice, True
