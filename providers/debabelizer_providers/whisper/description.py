"""What Whisper says about itself: models, settings, languages.

Repositories as named by faster-whisper 1.2.1 (``faster_whisper/utils.py``); sizes on disk are rounded.
"""

from __future__ import annotations

from debabelizer.contract import (
    Ability,
    Choice,
    Feature,
    Kind,
    Model,
    ModelFile,
    Place,
    ProviderDescription,
    Setting,
    WordList,
)
from debabelizer_providers.whisper.languages import LANGUAGES

NAME = "whisper"
DEFAULT_MODEL = "small"
_HUB = "https://huggingface.co"
_OLD = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")
_NEW = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.json")


def _model(
    name: str, repository: str, size: str, help_: str, memory_mb: int, *, new: bool = False, english: bool = False
) -> Model:
    return Model(
        name=name,
        title=f"{name} ({size})",
        help=help_,
        languages=("en",) if english else (),
        files=tuple(ModelFile(file, f"{_HUB}/{repository}/resolve/main/{file}") for file in (_NEW if new else _OLD)),
        memory_mb=memory_mb,
    )


MODELS = (
    _model("tiny", "Systran/faster-whisper-tiny", "75 MB", "The fastest; many mistakes.", 250),
    _model("tiny.en", "Systran/faster-whisper-tiny.en", "75 MB", "The fastest for English.", 250, english=True),
    _model("base", "Systran/faster-whisper-base", "145 MB", "Fast on any computer.", 350),
    _model("base.en", "Systran/faster-whisper-base.en", "145 MB", "Fast, English only.", 350, english=True),
    _model("small", "Systran/faster-whisper-small", "485 MB", "Good text at a good pace on most computers.", 800),
    _model("small.en", "Systran/faster-whisper-small.en", "485 MB", "The same, English only.", 800, english=True),
    _model("medium", "Systran/faster-whisper-medium", "1.5 GB", "Better text; wants a fast processor.", 1900),
    _model("medium.en", "Systran/faster-whisper-medium.en", "1.5 GB", "Better text in English.", 1900, english=True),
    _model("large-v2", "Systran/faster-whisper-large-v2", "3.1 GB", "For a graphics card.", 3500),
    _model("large-v3", "Systran/faster-whisper-large-v3", "3.1 GB", "The best; for a graphics card.", 3500, new=True),
    _model(
        "large-v3-turbo",
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        "1.6 GB",
        "Nearly the best, several times faster.",
        2000,
        new=True,
    ),
    _model(
        "distil-small.en",
        "Systran/faster-distil-whisper-small.en",
        "335 MB",
        "A quick small one for English.",
        600,
        new=True,
        english=True,
    ),
    _model(
        "distil-medium.en",
        "Systran/faster-distil-whisper-medium.en",
        "790 MB",
        "A quick medium one for English.",
        1100,
        new=True,
        english=True,
    ),
    _model(
        "distil-large-v2",
        "Systran/faster-distil-whisper-large-v2",
        "1.5 GB",
        "A quick large one for English.",
        1900,
        new=True,
        english=True,
    ),
    _model(
        "distil-large-v3",
        "Systran/faster-distil-whisper-large-v3",
        "1.5 GB",
        "A quick large one for English.",
        1900,
        new=True,
        english=True,
    ),
    _model(
        "distil-large-v3.5",
        "distil-whisper/distil-large-v3.5-ct2",
        "1.5 GB",
        "The newest quick large one for English.",
        1900,
        new=True,
        english=True,
    ),
)

_SETTINGS = (
    Setting(
        key="model",
        kind=Kind.CHOICE,
        title="Model",
        help="Larger models make fewer mistakes and need more time and memory. They are downloaded once.",
        default=DEFAULT_MODEL,
        choices=tuple(Choice(m.name, m.title, m.help) for m in MODELS),
        group="Model",
        reconnects=True,
    ),
    Setting(
        key="folder",
        kind=Kind.PATH,
        title="Folder of a model of your own",
        help="A Whisper model in CTranslate2 form (model.bin, tokenizer.json). It is used instead of the one above.",
        default="",
        group="Model",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="device",
        kind=Kind.CHOICE,
        title="Runs on",
        help="Automatic takes an NVIDIA graphics card where there is one that works, else the processor.",
        default="auto",
        choices=(
            Choice("auto", "Automatic"),
            Choice("cpu", "Processor"),
            Choice("cuda", "NVIDIA graphics card", "Tried even if it failed before."),
        ),
        group="Speed",
        reconnects=True,
    ),
    Setting(
        key="compute_type",
        kind=Kind.CHOICE,
        title="Arithmetic",
        help="Automatic: int8 on the processor, float16 on a graphics card.",
        default="auto",
        choices=(
            Choice("auto", "Automatic"),
            Choice("int8", "int8"),
            Choice("int8_float16", "int8 with float16", "Graphics card only."),
            Choice("float16", "float16", "Graphics card only."),
            Choice("bfloat16", "bfloat16"),
            Choice("float32", "float32"),
        ),
        group="Speed",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="cpu_threads",
        kind=Kind.INT,
        title="Processor threads",
        help="0: as many as suit this computer, at most 4.",
        default=0,
        minimum=0,
        maximum=64,
        group="Speed",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="beam",
        kind=Kind.INT,
        title="Candidates compared",
        help="More make the final text a little better and slower. Text still being spoken always uses one.",
        default=5,
        minimum=1,
        maximum=10,
        group="Speed",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="idle_unload_min",
        kind=Kind.FLOAT,
        title="Free the memory after",
        help="Minutes without dictation after which the model leaves the memory. 0: at once.",
        default=15.0,
        minimum=0,
        maximum=1440,
        unit="min",
        group="Speed",
        reconnects=True,
    ),
    Setting(
        key="second_pass",
        kind=Kind.BOOL,
        title="Go over the whole utterance again at its end",
        help="Hears all of it at once and corrects what was understood too early. Costs a moment at the end.",
        default=True,
        group="Text",
        reconnects=True,
    ),
    Setting(
        key="second_pass_s",
        kind=Kind.FLOAT,
        title="How far back that goes",
        help="Seconds before the end. Earlier text stays as it is.",
        default=120.0,
        minimum=5,
        maximum=600,
        unit="s",
        group="Text",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="file_batch",
        kind=Kind.INT,
        title="Pieces of a file heard at a time",
        help="More make long files quicker on a graphics card and take more memory.",
        default=8,
        minimum=1,
        maximum=64,
        group="Files",
        advanced=True,
    ),
    Setting(
        key="prompt",
        kind=Kind.TEXT,
        title="Sample of your style",
        help="A sentence or two written the way you want the text: punctuation, names, spelling.",
        default="",
        group="Text",
        advanced=True,
        reconnects=True,
    ),
)

DESCRIPTION = ProviderDescription(
    name=NAME,
    title="Whisper on this computer",
    summary="Good text in a hundred languages, offline and free; needs a downloaded model and some computing power.",
    place=Place.LOCAL,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_SETTINGS,
    models=MODELS,
    default_model=DEFAULT_MODEL,
    languages=LANGUAGES,
    detects_language=True,
    word_list=WordList(),
    features=frozenset({Feature.PARTIALS, Feature.WORD_TIMES, Feature.CONFIDENCE, Feature.PUNCTUATION, Feature.PAUSES}),
    privacy="Everything stays on this computer; only the model is downloaded, from Hugging Face.",
    facts_date="2026-11-21",
)
