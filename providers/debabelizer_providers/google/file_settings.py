"""Settings that matter for recordings only."""

from __future__ import annotations

from debabelizer.contract import Choice, Kind, Model, Needs, Setting


def file_settings(models: tuple[Model, ...]) -> tuple[Setting, ...]:
    return (
        Setting(
            key="file_model",
            kind=Kind.CHOICE,
            title="Model for files",
            help="Automatic takes “Chirp 3”, or “Long” in version 1 of the interface.",
            default="auto",
            choices=(Choice("auto", "Automatic"), *(Choice(model.name, model.title, model.help) for model in models)),
            group="Files",
        ),
        Setting(
            key="file_bucket",
            kind=Kind.TEXT,
            title="Bucket for long recordings",
            help="Name of a Cloud Storage bucket of yours. Google takes more than a minute at once only from there; "
            "the recording is removed when it is done. Without one, recordings are cut at silences. Version 2 only.",
            default="",
            needs=(Needs("api_version", ("auto", "v2"), "Only version 2 of the interface knows this setting."),),
            group="Files",
            advanced=True,
        ),
        Setting(
            key="file_patient",
            kind=Kind.BOOL,
            title="Done within a day",
            help="Recordings in the bucket cost less where they may wait.",
            default=False,
            needs=(Needs("file_bucket", (), "It matters only where a bucket is named."),),
            group="Files",
            advanced=True,
        ),
    )
