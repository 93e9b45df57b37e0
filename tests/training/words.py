"""The words the tiny model knows, its tokens, and sentences made of them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

_SPELT = """
    zero one two three four five six seven eight nine ten hello world this is a test of dictation new line comma period
    question mark paragraph stop please send the message open close save file yes no and cancel undo delete copy paste
    select all my name window today tomorrow morning good thank you start again computer voice time we speak write
"""
WORDS = tuple(_SPELT.split())
"""None sounds like another: of homophones ("two", "to", "too") only one may be here."""

STAMP_S = 0.02
LONGEST_S = 30.0
STAMPS = int(LONGEST_S / STAMP_S) + 1

_BYTES = 256
PERIOD = ord(".")
SPACE = ord(" ")
FIRST_WORD = _BYTES
FIRST_CAPITALISED = FIRST_WORD + len(WORDS)
END = FIRST_CAPITALISED + len(WORDS)
START, ENGLISH, TRANSLATE, TRANSCRIBE, START_OF_LM, START_OF_PREVIOUS, NO_SPEECH, NO_STAMPS = range(END + 1, END + 9)
FIRST_STAMP = NO_STAMPS + 1
TOKENS = FIRST_STAMP + STAMPS

_SPECIAL = (
    "endoftext", "startoftranscript", "en", "translate", "transcribe", "startoflm", "startofprev", "nospeech",
    "notimestamps",
)  # fmt: skip

_DIGITS = WORDS[:11]
_SLOTS = {
    "digit": _DIGITS,
    "thing": ("file", "message", "window", "line", "paragraph", "name", "test"),
    "act": ("open", "close", "save", "delete", "copy", "paste", "select", "send", "cancel", "undo", "start", "stop"),
    "when": ("today", "tomorrow", "tomorrow morning", "again", "this morning"),
    "mark": ("comma", "period", "question mark", "new line", "new paragraph"),
    "who": ("we", "you"),
    "deed": ("speak", "write", "send the message", "start dictation", "open the file", "save the file"),
}
_TEMPLATES = (
    "hello world", "hello computer", "good morning", "good morning computer", "thank you", "no thank you", "yes please",
    "yes", "no", "{mark}", "{act}", "{act} again", "stop dictation", "start dictation", "start dictation please",
    "this is a test", "this is a test of dictation", "hello world this is a test of dictation", "this is my voice",
    "my name is {digit}", "hello computer my name is {digit}", "is this the {thing}", "this is the {thing}",
    "is this the name question mark", "please {act} the {thing}", "{act} the {thing}", "{act} all",
    "select all and {act}",
    "please open the file and select all", "{act} the {thing} and {act} the {thing}", "{act} line {digit}",
    "copy line {digit} and line {digit}", "the time is {digit} {digit}", "{digit} {digit} {digit}",
    "{digit} {digit} {digit} {digit} {digit} {digit}", "please send the message {when}", "{who} {deed} {when}",
    "{who} {deed}", "{who} send the message {when}", "{when} {who} {deed}", "write a new {thing}", "new line {mark}",
    "thank you and stop dictation", "yes {act} the {thing}", "no {act} the {thing}", "one {thing} and two",
)  # fmt: skip


def sentence(chance: random.Random) -> list[str]:
    """1 to 12 words: two in five from a template, the others at random."""
    if chance.random() < 0.4:
        text = chance.choice(_TEMPLATES)
        while "{" in text:
            slot = text[text.index("{") + 1 : text.index("}")]
            text = text.replace(f"{{{slot}}}", chance.choice(_SLOTS[slot]), 1)
        return text.split()
    return chance.choices(WORDS, k=chance.randint(1, 12))


def token_of(word: str, capitalised: bool) -> int:
    return WORDS.index(word) + (FIRST_CAPITALISED if capitalised else FIRST_WORD)


def stamp(seconds: float) -> int:
    return FIRST_STAMP + min(STAMPS - 1, max(0, round(seconds / STAMP_S)))


def _byte_symbols() -> list[str]:
    """The byte-level alphabet of GPT-2: printable bytes stand for themselves, others for letters from 256 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    symbols, extra = [], 0
    for byte in range(_BYTES):
        symbols.append(chr(byte) if byte in printable else chr(_BYTES + extra))
        extra += byte not in printable
    return symbols


def text_tokens() -> list[str]:
    space = _byte_symbols()[SPACE]
    return [*_byte_symbols(), *(space + w for w in WORDS), *(space + w.capitalize() for w in WORDS)]


def special_tokens() -> list[str]:
    return [*(f"<|{name}|>" for name in _SPECIAL), *(f"<|{i * STAMP_S:.2f}|>" for i in range(STAMPS))]


def tokenizer() -> dict[str, Any]:
    """``tokenizer.json``: whole words are single tokens, everything else falls back to bytes; no merges at all."""
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": END + i, "content": text, **plain} for i, text in enumerate(special_tokens())],
        "normalizer": None,
        "pre_tokenizer": level,
        "post_processor": None,
        "decoder": level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": True,
            "vocab": {text: i for i, text in enumerate(text_tokens())},
            "merges": [],
        },
    }


def write_vocabulary(folder: Path) -> None:
    """The files beside the weights that say what the tokens mean."""
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer(), ensure_ascii=False), encoding="utf-8")
    everything = [*text_tokens(), *special_tokens()]
    (folder / "vocabulary.json").write_text(json.dumps(everything, ensure_ascii=False), encoding="utf-8")
    (folder / "words.txt").write_text("\n".join(WORDS) + "\n")
    preprocessor = {"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=1))
