"""Settings of connections: who stands in, when they are opened and closed, and the way out of a company's network."""

from __future__ import annotations

from debabelizer.contract.settings import Choice, Kind, Setting

FAILOVER = Setting(
    key="session.failover",
    kind=Kind.PROVIDERS,
    title="If the provider fails",
    help="Who goes on in the middle of the sentence, in this order, when the provider refuses the key, has no credit "
    "left or cannot be reached. Sound goes to nobody else; with an empty list it waits for the provider itself.",
    default=(),
    group="Speech",
    reconnects=True,
)

CONNECTION = (
    Setting(
        key="session.connect_ahead",
        kind=Kind.CHOICE,
        title="Connect ahead",
        help="Opens the connection when the program starts and when the computer wakes, so that the first take is as "
        "quick as the next ones.",
        default="automatic",
        choices=(
            Choice("automatic", "Automatic", "Connects to providers in the network; a local model waits for a take."),
            Choice("always", "Always", "Loads a local model as well."),
            Choice("never", "Never"),
        ),
        group="Connection",
    ),
    Setting(
        key="session.idle_close",
        kind=Kind.CHOICE,
        title="Close when idle",
        help="Closes a connection nobody speaks into; it opens again by itself when you do.",
        default="automatic",
        choices=(
            Choice("automatic", "Automatic", "After two minutes where an idle connection costs money, else never."),
            Choice("1", "After a minute"),
            Choice("5", "After 5 minutes"),
            Choice("15", "After 15 minutes"),
            Choice("60", "After an hour"),
            Choice("never", "Never"),
        ),
        group="Connection",
    ),
    Setting(
        key="network.proxy",
        kind=Kind.URL,
        title="Proxy",
        help="Address of the proxy that leads out of your network, such as http://proxy.example:3128. Empty: that of "
        "the environment or the system, if there is one.",
        default="",
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
)
