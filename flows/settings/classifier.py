"""The classifier that the configuration names."""

from flows.settings.config import Config
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
