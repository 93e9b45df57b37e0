"""Push-to-talk: from the key to the words at the cursor, with every take on disk until its text has arrived."""

from debabelizer.dictation.dictation import Dictation
from debabelizer.dictation.gestures import Gesture, GestureMachine, GestureMode
from debabelizer.dictation.insertion import Inserter, Insertion, Target
from debabelizer.dictation.journal import TakeJournal, TakeRecord, TakeState
from debabelizer.dictation.shelf import TakeShelf
from debabelizer.dictation.take import Take

__all__ = [
    "Dictation",
    "Gesture",
    "GestureMachine",
    "GestureMode",
    "Inserter",
    "Insertion",
    "Take",
    "TakeJournal",
    "TakeRecord",
    "TakeShelf",
    "TakeState",
    "Target",
]
