"""Where a transcript is to be saved, and in which form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from debabelizer_desktop.text import translate


def form_names() -> dict[str, str]:
    """Each form of the exporters, as the dialog calls it."""
    return {
        "txt": translate("Main", "Plain text (*.txt)"),
        "md": translate("Main", "Markdown (*.md)"),
        "docx": translate("Main", "Word document (*.docx)"),
        "srt": translate("Main", "Captions (*.srt)"),
        "vtt": translate("Main", "Captions for the web (*.vtt)"),
        "tsv": translate("Main", "Table (*.tsv)"),
        "json": translate("Main", "JSON (*.json)"),
    }


def export_dialog(
    parent: QWidget, folder: str, name: str, save: Callable[[str], object], form: str = "txt"
) -> QFileDialog:
    """Opens it; nothing waits for it. ``save`` gets the path that was chosen; ``form`` is offered first."""
    dialog = QFileDialog(parent, translate("Main", "Export the transcript"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    names = form_names()
    dialog.setNameFilters(list(names.values()))
    dialog.selectNameFilter(names[form])
    dialog.setDefaultSuffix(form)
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.rpartition(".")[2].rstrip(")")))
    dialog.setDirectory(folder)
    dialog.selectFile(name)
    dialog.fileSelected.connect(save)
    dialog.open()
    return dialog
