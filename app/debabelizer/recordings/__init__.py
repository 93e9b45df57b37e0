"""A list of recordings that become text one after the other: what ``transcribe`` and the window have in common
(``found``, ``choices``), and the window's list (``queue``), which survives the program (``kept``). Nothing is imported
here: the window wants ``item`` alone while it starts."""
