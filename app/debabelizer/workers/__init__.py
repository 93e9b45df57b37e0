"""Processes of our own beside the program: how one is started, and the frames on its pipes. Light: a worker imports
this before the one thing it is for."""
