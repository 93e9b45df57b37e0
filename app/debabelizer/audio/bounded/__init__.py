"""Files are read by a process that can do nothing else.

A file is made by strangers, and what reads it is a few hundred thousand lines of C. So a small process of our own does
that: it has no file and no connection (it asks this process for each piece of the recording), a bound on its memory and
on its time, and a pipe on which it may say sound. What it does to itself is an error message here.

``decoding`` is the side of the program, ``child`` the other one, ``bounds`` what the system is asked to hold.
"""

LEAST_RATE = 1_000
"""Hz. Nothing records speech at less, and one piece of a file that claims less would be hours of sound."""
