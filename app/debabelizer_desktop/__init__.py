APP_ID = "io.github.debabelizer.Debabelizer"
"""What desktops know the program by: the name of its desktop entry, and of its bundle on macOS."""
