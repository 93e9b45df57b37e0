"""The settings of the engine and the window, each declared once. This is data; ``table`` is what reads it."""

from __future__ import annotations

from debabelizer.config.connection_settings import CONNECTION, FAILOVER
from debabelizer.config.cost_settings import COSTS, SELECTION
from debabelizer.config.recording_settings import RECORDING_SETTINGS
from debabelizer.contract.settings import Choice, Kind, Needs, Setting

_SPEECH = "Speech"
_MICROPHONE = "Microphone"
_DICTATION = "Dictation"
_INSERTION = "Insertion"
_WINDOW = "Window"
_STORAGE = "Storage"
_SYSTEM = "System"


_SPEECH_SETTINGS = (
    Setting(
        key="provider",
        kind=Kind.PROVIDER,
        title="Provider",
        help="Who turns speech into text. Automatic takes the first that is ready: one with a key, "
        "then one with a downloaded model, then the built-in recogniser.",
        default="",
        group=_SPEECH,
        reconnects=True,
    ),
    *SELECTION,
    FAILOVER,
    Setting(
        key="languages",
        kind=Kind.LANGUAGES,
        title="Languages",
        help="What you speak, as language tags such as en, ru or pt-BR. None: the provider finds out, if it can.",
        default=(),
        group=_SPEECH,
        reconnects=True,
    ),
    Setting(
        key="vocabulary",
        kind=Kind.LIST,
        title="Word list",
        help="Names and terms the recogniser should expect, where the provider takes such a list.",
        default=(),
        group=_SPEECH,
        reconnects=True,
    ),
)

_MICROPHONE_SETTINGS = (
    Setting(
        key="microphone",
        kind=Kind.MICROPHONE,
        title="Microphone",
        help="Which microphone to listen to. Empty: the system's default.",
        default="",
        group=_MICROPHONE,
    ),
    Setting(
        key="dictation.preroll_ms",
        kind=Kind.INT,
        title="Listen ahead",
        help="Keeps the microphone open and puts this much sound from before the key press in front of a take. "
        "0: the microphone is open only while you dictate.",
        default=0,
        minimum=0,
        maximum=2000,
        unit="ms",
        group=_MICROPHONE,
        advanced=True,
    ),
    Setting(
        key="dictation.tail_ms",
        kind=Kind.INT,
        title="Listen on after release",
        help="Records this much longer after the key is released, so that the last syllable is not cut off.",
        default=300,
        minimum=0,
        maximum=2000,
        unit="ms",
        group=_MICROPHONE,
    ),
    Setting(
        key="dictation.silence_hint_s",
        kind=Kind.FLOAT,
        title="Silence hint after",
        help="Says that nothing can be heard when only silence came for this long. 0: never.",
        default=4.0,
        minimum=0,
        maximum=60,
        unit="s",
        group=_MICROPHONE,
        advanced=True,
    ),
)

_DICTATION_SETTINGS = (
    Setting(
        key="dictation.key",
        kind=Kind.HOTKEY,
        title="Dictation key",
        help="The key that works everywhere, such as F9, Right Ctrl, Pause or Ctrl+Alt+Space.",
        default="F9",
        group=_DICTATION,
    ),
    Setting(
        key="dictation.mode",
        kind=Kind.CHOICE,
        title="The key's way",
        help="What pressing and releasing the key does.",
        default="tap_or_hold",
        choices=(
            Choice("hold", "Hold to talk", "Records while the key is down."),
            Choice("toggle", "Press to start, press to stop", "Each press starts or stops."),
            Choice("tap_or_hold", "Tap or hold", "A long press talks while held; a short tap starts, the next stops."),
        ),
        group=_DICTATION,
    ),
    Setting(
        key="dictation.cancel_key",
        kind=Kind.HOTKEY,
        title="Cancel key",
        help="Throws the running take away. Works only while one is running. Empty: none.",
        default="Escape",
        group=_DICTATION,
    ),
    Setting(
        key="dictation.undo_key",
        kind=Kind.HOTKEY,
        title="Undo key",
        help="Removes what was inserted last, if it is still there. Empty: none.",
        default="",
        group=_DICTATION,
    ),
    Setting(
        key="dictation.brush_ms",
        kind=Kind.INT,
        title="Ignore a brush shorter than",
        help="A key press shorter than this was not meant: nothing is inserted.",
        default=150,
        minimum=0,
        maximum=1000,
        unit="ms",
        group=_DICTATION,
        advanced=True,
    ),
    Setting(
        key="dictation.send",
        kind=Kind.CHOICE,
        title="Sound is sent",
        help="While you speak, or only when you press Send chunk, Commit or Stop.",
        default="live",
        choices=(Choice("live", "While speaking"), Choice("button", "On a button press")),
        group=_DICTATION,
        advanced=True,
    ),
    Setting(
        key="dictation.commit",
        kind=Kind.CHOICE,
        title="A segment ends",
        help="By your Commit or Stop, or also by itself when you pause.",
        default="manual",
        choices=(Choice("manual", "By hand"), Choice("pause", "At a pause")),
        group=_DICTATION,
        reconnects=True,
    ),
    Setting(
        key="dictation.pause_s",
        kind=Kind.FLOAT,
        title="Length of a pause",
        help="Silence that ends a segment.",
        default=1.0,
        minimum=0.2,
        maximum=10,
        unit="s",
        group=_DICTATION,
        reconnects=True,
        needs=(Needs("dictation.commit", ("pause",), "Only where segments end at a pause."),),
    ),
)

_INSERTION_SETTINGS = (
    Setting(
        key="insert.method",
        kind=Kind.CHOICE,
        title="Text arrives by",
        help="How the words get into the other program.",
        default="paste",
        choices=(
            Choice("paste", "Pasting", "Quick; your clipboard comes back afterwards."),
            Choice("type", "Typing", "Character by character, for programs that don't paste."),
            Choice("copy", "Copying only", "Leaves the text on the clipboard."),
        ),
        group=_INSERTION,
    ),
    Setting(
        key="insert.rules",
        kind=Kind.RULES,
        title="Rules per program",
        help="Programs that need another way: program (as in its window class), method (paste, type or copy) and "
        "keys (the program's own paste keys).",
        default=(),
        group=_INSERTION,
        advanced=True,
    ),
    Setting(
        key="insert.space",
        kind=Kind.BOOL,
        title="Space at the end",
        help="Adds a space, so that the next take does not stick to this one.",
        default=True,
        group=_INSERTION,
    ),
    Setting(
        key="insert.enter_after",
        kind=Kind.BOOL,
        title="Enter afterwards",
        help="Presses Enter after the text, to send a message at once.",
        default=False,
        group=_INSERTION,
    ),
)

_WINDOW_SETTINGS = (
    Setting(
        key="window.language",
        kind=Kind.CHOICE,
        title="Language of the window",
        help="The language of menus, buttons and messages.",
        default="system",
        choices=(Choice("system", "As the system"), Choice("en", "English"), Choice("ru", "Русский")),
        group=_WINDOW,
    ),
    Setting(
        key="window.theme",
        kind=Kind.CHOICE,
        title="Colours",
        help="Light, dark, or as the system.",
        default="system",
        choices=(
            Choice("system", "As the system"),
            Choice("light", "Light"),
            Choice("dark", "Dark"),
            Choice("contrast", "High contrast"),
        ),
        group=_WINDOW,
    ),
    Setting(
        key="window.overlay",
        kind=Kind.CHOICE,
        title="Overlay",
        help="What is shown over other windows while you dictate.",
        default="pill",
        choices=(
            Choice("pill", "Pill", "Level, state and live text."),
            Choice("dot", "Dot", "Level and state."),
            Choice("bar", "Bar", "A line along the edge of the screen."),
            Choice("none", "None"),
        ),
        group=_WINDOW,
    ),
    Setting(
        key="window.autostart",
        kind=Kind.BOOL,
        title="Start with the computer",
        help="Starts in the tray when you sign in.",
        default=False,
        group=_WINDOW,
    ),
    Setting(
        key="window.start_hidden",
        kind=Kind.BOOL,
        title="Start hidden",
        help="Starts in the tray without opening the window.",
        default=False,
        group=_WINDOW,
    ),
    Setting(
        key="window.close_to_tray",
        kind=Kind.BOOL,
        title="Keep running when closed",
        help="Closing the window leaves the program in the tray; quit from there.",
        default=True,
        group=_WINDOW,
    ),
    Setting(
        key="window.sounds",
        kind=Kind.BOOL,
        title="Sounds",
        help="A short sound when recording starts and ends, and when something fails.",
        default=True,
        group=_WINDOW,
    ),
)

_STORAGE_SETTINGS = (
    Setting(
        key="storage.keep_audio_days",
        kind=Kind.INT,
        title="Keep recordings for",
        help="Recordings of takes that arrived are deleted after this long. 0: at once. A take that failed stays "
        "until it is retried or discarded.",
        default=0,
        minimum=0,
        maximum=3650,
        unit="days",
        group=_STORAGE,
    ),
    Setting(
        key="storage.keep_text_days",
        kind=Kind.INT,
        title="Keep texts for",
        help="Texts in the history are deleted after this long. 0: nothing is written to the history.",
        default=30,
        minimum=0,
        maximum=3650,
        unit="days",
        group=_STORAGE,
    ),
    Setting(
        key="storage.keep_nothing",
        kind=Kind.BOOL,
        title="Keep nothing",
        help="Neither sound nor text touches the disk. A take that fails, or is running when the program dies, "
        "is lost.",
        default=False,
        group=_STORAGE,
    ),
)

_SYSTEM_SETTINGS = (
    Setting(
        key="secrets.store",
        kind=Kind.CHOICE,
        title="Keys are kept in",
        help="Where the providers' keys live. An environment variable always wins.",
        default="system",
        choices=(
            Choice("system", "The system's key store", "Secret Service, Keychain or Credential Manager."),
            Choice("file", "A file of yours", "Readable by you alone, not encrypted; for systems without a key store."),
            Choice("memory", "Memory only", "Forgotten when the program ends."),
        ),
        group=_SYSTEM,
        advanced=True,
    ),
    Setting(
        key="log.level",
        kind=Kind.CHOICE,
        title="Log",
        help="How much is written to the log file. Never keys, sound or text.",
        default="info",
        choices=(
            Choice("debug", "Everything"),
            Choice("info", "What happens"),
            Choice("warning", "Trouble"),
            Choice("error", "Failures"),
        ),
        group=_SYSTEM,
        advanced=True,
    ),
)

CORE: tuple[Setting, ...] = (
    _SPEECH_SETTINGS
    + _MICROPHONE_SETTINGS
    + _DICTATION_SETTINGS
    + CONNECTION
    + RECORDING_SETTINGS
    + COSTS
    + _INSERTION_SETTINGS
    + _WINDOW_SETTINGS
    + _STORAGE_SETTINGS
    + _SYSTEM_SETTINGS
)
