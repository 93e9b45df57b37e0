"""faster-whisper, one window at a time: audio in, words with times out. Lives in the worker process only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from debabelizer.contract import WordList
from debabelizer.errors import ConfigurationError, InternalError, ModelMissingError
from debabelizer_providers._local.messages import Note
from debabelizer_providers.whisper.agreement import HeardWord
from debabelizer_providers.whisper.device import Device, Notebook, choose, cpu
from debabelizer_providers.whisper.gates import (
    LEAST_LOGPROB,
    MOST_COMPRESSION,
    NO_SPEECH,
    Pass,
    compression,
    doubtful,
    nonsense,
)
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.room import Room
from debabelizer_providers.whisper.start import Start
from debabelizer_providers.whisper.translator import Stretch, translated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
LONGEST_S = 30.0
_MAX_TOKENS = 448
_TOKENS_PER_S = 14
"""More than any language needs; bounds a runaway pass."""
_VOCABULARY_TOKENS = 110
_WORD_LIST = WordList(total=_VOCABULARY_TOKENS)
_PROMPT_TOKENS = 223
_OPENING_MARKS = "\"'“¿([{-"
_CLOSING_MARKS = "\"'.。,，!！?？:：”)]}、"
_WARMER = (0.0, 0.2, 0.4, 0.6)


class _Unloadable(Exception):  # noqa: N818 - of no interest outside
    """A model's files are damaged, or its device does not take them."""


def _check(folder: Path) -> None:
    """CTranslate2 reads memory that is not its own where one of these lists is missing."""
    config = msgspec.json.decode((folder / "config.json").read_bytes(), type=dict[str, Any])
    missing = [name for name in ("alignment_heads", "suppress_ids_begin") if not isinstance(config.get(name), list)]
    if missing:
        raise ValueError(f"config.json has no {' and no '.join(missing)}")


class Engine:
    """A loaded model. Raises ModelMissingError, ConfigurationError where it cannot be loaded at all.

    A graphics card that fails or talks nonsense is given up for the processor, with the same audio; ``notes``
    then holds what the user should know."""

    def __init__(self, start: Start) -> None:
        import ctranslate2

        self.notes: list[Note] = []
        self.room = Room()
        self._start = start
        self._words = ""
        """Of the word list, what fits."""
        self._version: str = ctranslate2.__version__
        self._notebook = Notebook(start.notebook)
        failed_before = self._notebook.cuda_failure(self._version)
        cards = ctranslate2.get_cuda_device_count() if start.device != "cpu" else 0
        self.device = choose(start.device, start.compute, cards, failed_before is not None)
        if start.device == "auto" and cards and failed_before:
            self._note_processor(failed_before)
        self._model: Any = None
        try:
            self._model = self._load(self.device)
        except _Unloadable as error:
            if self.device.kind == "cpu":
                raise self._unusable(error) from error
            self._give_up_card(str(error))
        self._warm_up()

    def __str__(self) -> str:
        return f"{self._start.model} on {self.device}"

    def use(self, start: Start) -> None:
        """The next connection's beam, words and languages; the model stays as it is."""
        self._start = start
        tokenizer = self._tokenizer("en")
        fitted = _WORD_LIST.fit(start.vocabulary, lambda term: len(tokenizer.encode(f", {term}")))
        self._words = ", ".join(fitted.terms)
        if not start.previous_text:
            self.notes += [Note(notice, "vocabulary") for notice in fitted.notices("Whisper on this computer")]
        if start.languages and "en" not in start.languages and not self._model.model.is_multilingual:
            self.notes.append(Note(f"The Whisper model {start.model} knows English only.", "english_only"))

    def hear(
        self,
        audio: NDArray[np.float32],
        choice: LanguageChoice,
        *,
        voiced_s: float,
        prefix: str = "",
        prefix_s: float = 0.0,
        context: str = "",
        final: bool = False,
    ) -> Pass:
        """One pass over at most 30 s of ``audio`` (samples between -1 and 1).

        ``prefix``: text the answer is forced to begin with, said in the first ``prefix_s`` seconds; ``context``: what
        was said before the window; ``final``: with all the room the model was trained with, full beam, and warmer
        tries where the first is doubtful. Raises InternalError."""
        given = (audio, choice, voiced_s, prefix, prefix_s, context, final)
        heard = self._surely(lambda: self._pass(*given))
        if self.device.kind == "cuda" and nonsense(heard):
            self._give_up_card("it gave nonsense instead of text")
            return self._pass(*given)
        return heard

    def compare(self, settled: Sequence[HeardWord], careful: Sequence[HeardWord]) -> None:
        """What quick passes had settled, and what a final one made of the same sound."""
        self.room.judge(settled, careful)

    def hear_all(self, windows: Sequence[NDArray[np.float32]], choices: Sequence[LanguageChoice]) -> list[Pass]:
        """One careful pass over each window (at most 30 s), all of them at once, which is what a graphics card is quick
        at; on a processor it costs what they cost one by one. Doubtful ones are heard again by themselves. Raises
        InternalError."""
        heard = self._surely(lambda: self._together(windows, choices))
        if self.device.kind == "cuda" and any(nonsense(one) for one in heard):
            self._give_up_card("it gave nonsense instead of text")
            heard = self._together(windows, choices)
        return [
            self.hear(audio, LanguageChoice((one.language,)), voiced_s=0.0, final=True) if doubtful(one) else one
            for audio, one in zip(windows, heard, strict=True)
        ]

    def in_english(self, windows: Sequence[NDArray[np.float32]], languages: Sequence[str]) -> list[list[Stretch]]:
        """What is said in each window (at most 30 s), whose language is known. Raises InternalError."""
        features = [self._features(audio)[0] for audio in windows]
        seconds = [len(audio) / 16000 for audio in windows]
        return self._surely(lambda: translated(self._model, features, seconds, languages, self._start.beam))

    def _warm_up(self) -> None:
        """The first pass is several times slower than the next ones; better now than when somebody speaks. A graphics
        card that loads the model but cannot run it shows here, too."""
        import numpy as np

        self.hear(np.zeros(8000, dtype=np.float32), LanguageChoice(("en",)), voiced_s=0.0)

    # --------------------------------------------------------------------------------------------- device

    def _load(self, device: Device) -> Any:
        from faster_whisper import WhisperModel

        folder = Path(self._start.folder)
        if not (folder / "model.bin").is_file():
            raise ModelMissingError(f"The Whisper model {self._start.model} is not in {folder}.", "whisper")
        try:
            _check(folder)
            return WhisperModel(
                str(folder),
                device=device.kind,
                compute_type=device.compute,
                cpu_threads=self._start.threads,
                local_files_only=True,
            )
        except MemoryError as error:
            raise ConfigurationError(
                f"There is not enough memory for the Whisper model {self._start.model}. Choose a smaller one.",
                "whisper",
            ) from error
        except Exception as error:  # each of its files has a reader of its own, with errors of its own
            raise _Unloadable(str(error)) from error

    def _surely(self, work: Callable[[], T]) -> T:
        """On the processor where the graphics card fails. Raises InternalError."""
        try:
            return work()
        except RuntimeError as error:
            if self.device.kind == "cpu":
                raise InternalError(f"Whisper failed: {error}", "whisper") from error
            self._give_up_card(str(error))
        return work()

    def _give_up_card(self, reason: str) -> None:
        self._model = None  # its memory is needed before the other one is loaded
        self.device = cpu(self._start.compute)
        try:
            self._model = self._load(self.device)
        except _Unloadable as error:  # then it is no fault of the card's
            raise self._unusable(error) from error
        self._notebook.remember(self._version, reason)
        self._note_processor(reason)

    def _note_processor(self, reason: str) -> None:
        text = f"The graphics card cannot be used for Whisper ({reason}); it runs on the processor instead."
        self.notes.append(Note(text, "cpu_fallback"))

    def _unusable(self, error: Exception) -> ConfigurationError:
        return ConfigurationError(
            f"The Whisper model in {self._start.folder} cannot be loaded ({error}). Remove it and download it again.",
            "whisper",
        )

    # ----------------------------------------------------------------------------------------------- pass

    def _pass(
        self,
        audio: NDArray[np.float32],
        choice: LanguageChoice,
        voiced_s: float,
        prefix: str,
        prefix_s: float,
        context: str,
        final: bool,
    ) -> Pass:
        features, frames = self._features(audio)
        # Which language it is, is better found out with all the room there is.
        known = choice.settled is not None or not self._model.model.is_multilingual
        encoded = self._encode(features, frames) if known and not final else self._model.encode(features)
        language = self._language(encoded, choice, voiced_s)
        tokenizer = self._tokenizer(language)
        forced = tokenizer.encode(" " + prefix.strip()) if prefix.strip() else []
        prompt = [
            *self._context(tokenizer, context),
            *tokenizer.sot_sequence,
            tokenizer.no_timestamps,
            *forced,
        ]
        answer = len(forced) + 20 + int(_TOKENS_PER_S * max(0.0, len(audio) / 16000 - prefix_s))
        # CTranslate2 counts all of the prompt, and lets the answer, the forced beginning included, have at most half.
        most = min(_MAX_TOKENS, max(2 * answer, len(prompt) - len(forced) + answer))
        tokens, logprob, no_speech = self._generate(encoded, prompt, tokenizer, most, bool(forced), final)
        if forced and tokens[: len(forced)] == forced:  # CTranslate2 repeats a forced beginning in its answer
            tokens = tokens[len(forced) :]
        spoken = [*forced, *(t for t in tokens if t < tokenizer.eot)]
        (words,) = self._aligned(tokenizer, [spoken], encoded, [frames])
        return Pass(words=words, no_speech=no_speech, logprob=logprob, language=language)

    def _together(self, windows: Sequence[NDArray[np.float32]], choices: Sequence[LanguageChoice]) -> list[Pass]:
        """A batch is decoded and aligned in one language; where there are several, each has its own batch."""
        import numpy as np

        features, frames = zip(*(self._features(audio) for audio in windows), strict=True)
        encoded = self._model.encode(np.stack(features))
        languages = self._languages(encoded, windows, choices)
        if len(set(languages)) == 1:
            return self._batch(encoded, languages[0], windows, frames)
        found: dict[int, Pass] = {}
        for language in dict.fromkeys(languages):
            mine = [index for index, its in enumerate(languages) if its == language]
            part = self._model.encode(np.stack([features[index] for index in mine]))
            passes = self._batch(part, language, [windows[i] for i in mine], [frames[i] for i in mine])
            found.update(zip(mine, passes, strict=True))
        return [found[index] for index in range(len(windows))]

    def _languages(
        self, encoded: Any, windows: Sequence[NDArray[np.float32]], choices: Sequence[LanguageChoice]
    ) -> list[str]:
        if not self._model.model.is_multilingual:
            return ["en"] * len(windows)
        if all(choice.settled is not None for choice in choices):
            return [str(choice.settled) for choice in choices]
        detected = self._model.model.detect_language(encoded)
        return [
            choice.weigh({token[2:-2]: float(share) for token, share in found}, len(audio) / 16000)
            for found, audio, choice in zip(detected, windows, choices, strict=True)
        ]

    def _batch(
        self, encoded: Any, language: str, windows: Sequence[NDArray[np.float32]], frames: Sequence[int]
    ) -> list[Pass]:
        from faster_whisper.transcribe import get_suppressed_tokens

        tokenizer = self._tokenizer(language)
        prompt = [*self._context(tokenizer, ""), *tokenizer.sot_sequence, tokenizer.no_timestamps]
        longest = max(len(audio) for audio in windows)
        results = self._model.model.generate(
            encoded,
            [prompt] * len(windows),
            beam_size=self._start.beam,
            max_length=min(_MAX_TOKENS, len(prompt) + 20 + int(_TOKENS_PER_S * longest / 16000)),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
        )
        tokens = [[t for t in result.sequences_ids[0] if t < tokenizer.eot] for result in results]
        words = self._aligned(tokenizer, tokens, encoded, list(frames))
        return [
            Pass(
                words=said,
                no_speech=float(result.no_speech_prob),
                logprob=float(result.scores[0]) * len(written) / (len(written) + 1),
                language=language,
            )
            for result, written, said in zip(results, tokens, words, strict=True)
        ]

    def _features(self, audio: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
        """As long as the model hears, and how much of that is sound."""
        from faster_whisper.audio import pad_or_trim

        extractor = self._model.feature_extractor
        features = extractor(audio[: int(LONGEST_S * extractor.sampling_rate)])
        frames = min(features.shape[-1] - 1, extractor.nb_max_frames)
        return pad_or_trim(features[:, :frames]), frames

    def _encode(self, features: NDArray[np.float32], frames: int) -> Any:
        """With as little room behind the sound as the model stands."""
        short = features[:, : self.room.frames(frames)]
        try:
            return self._model.encode(short)
        except ValueError:  # it takes half a minute and nothing else
            if short.shape == features.shape:
                raise
            self.room.give_back()
            return self._model.encode(features)

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        model = self._model
        return Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language)

    def _language(self, encoded: Any, choice: LanguageChoice, voiced_s: float) -> str:
        if not self._model.model.is_multilingual:
            return "en"
        if choice.settled is not None:
            return choice.settled
        found = {token[2:-2]: float(share) for token, share in self._model.model.detect_language(encoded)[0]}
        return choice.weigh(found, voiced_s)

    def _context(self, tokenizer: Any, text: str) -> list[int]:
        """The words to expect, then what was said before; the newest of it last, the oldest cut off."""
        lead = " ".join(part for part in (self._words, self._start.prompt.strip()) if part)
        given = tokenizer.encode(" " + lead)[:_VOCABULARY_TOKENS] if lead else []
        before = tokenizer.encode(" " + text.strip())[-(_PROMPT_TOKENS - len(given)) :] if text.strip() else []
        return [tokenizer.sot_prev, *given, *before] if given or before else []

    def _generate(
        self, encoded: Any, prompt: list[int], tokenizer: Any, most: int, forced: bool, final: bool
    ) -> tuple[list[int], float, float]:
        """Tokens after the prompt, mean log probability, no-speech probability. A doubtful result is tried again
        at higher temperatures; of only doubtful ones the likeliest wins."""
        from faster_whisper.transcribe import get_suppressed_tokens

        doubtful: list[tuple[float, list[int], float]] = []
        for temperature in _WARMER if final else _WARMER[:1]:
            warm = {"beam_size": 1, "num_hypotheses": 3, "sampling_topk": 0, "sampling_temperature": temperature}
            result = self._model.model.generate(
                encoded,
                [prompt],
                max_length=most,
                return_scores=True,
                return_no_speech_prob=True,
                # With a forced beginning "nothing more" must stay possible as the first choice.
                suppress_blank=not forced,
                suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
                **(warm if temperature else {"beam_size": self._start.beam if final else 1}),
            )[0]
            tokens = list(result.sequences_ids[0])
            logprob = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
            silent = result.no_speech_prob > NO_SPEECH
            loops = compression(tokenizer.decode(tokens)) > MOST_COMPRESSION
            if not loops and (logprob >= LEAST_LOGPROB or silent):
                return tokens, logprob, float(result.no_speech_prob)
            doubtful.append((logprob - (10.0 if loops else 0.0), tokens, float(result.no_speech_prob)))
        score, tokens, no_speech = max(doubtful, key=lambda found: found[0])
        return tokens, score if score > -10 else score + 10.0, no_speech

    def _aligned(
        self, tokenizer: Any, tokens: Sequence[list[int]], encoded: Any, frames: Sequence[int]
    ) -> list[tuple[HeardWord, ...]]:
        """The words of each window with their times."""
        from faster_whisper.transcribe import merge_punctuations

        if not any(tokens):
            return [()] * len(tokens)
        found = []
        for timings in self._model.find_alignment(tokenizer, list(tokens), encoded, list(frames)):
            merge_punctuations(timings, _OPENING_MARKS, _CLOSING_MARKS)
            found.append(
                tuple(
                    HeardWord(t["word"], float(t["start"]), float(t["end"]), round(float(t["probability"]), 4))
                    for t in timings
                    if t["word"].strip()
                )
            )
        return found
