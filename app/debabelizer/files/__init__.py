"""Whole recordings on their way to a provider's file endpoint.

``source`` takes what a caller has, ``prepare`` brings it into a form the provider accepts (``containers``, ``cut``,
``encode``, ``scratch``), ``patience`` tries again where that can help, ``desk`` lends what a request needs, ``join``
makes one text of the pieces, and ``transcription`` leads the way.
"""

from debabelizer.files.transcription import FileOutcome, FileStep, FileText, FileTranscription, Stage

__all__ = ["FileOutcome", "FileStep", "FileText", "FileTranscription", "Stage"]
