"""The settings of choosing and paying: how the automatic choice goes, what a month may cost, the user's own prices."""

from __future__ import annotations

from debabelizer.contract.settings import Choice, Kind, Setting

_COSTS = "Costs"

SELECTION = (
    Setting(
        key="selection.strategy",
        kind=Kind.CHOICE,
        title="Automatic choice",
        help="Which provider listens where none is chosen. What this computer has measured counts as well: one that "
        "failed again and again comes last, and the quicker one comes first where speed is wanted.",
        default="first",
        choices=(
            Choice("first", "First that is ready", "In the order of the list."),
            Choice("quality", "Best text"),
            Choice("cost", "Least money", "What costs nothing comes first."),
            Choice("latency", "Quickest text"),
            Choice("balanced", "Balanced"),
        ),
        group="Speech",
        reconnects=True,
    ),
    Setting(
        key="selection.offline",
        kind=Kind.BOOL,
        title="Only on this computer",
        help="The automatic choice takes nobody in the network: no sound leaves this computer.",
        default=False,
        group="Speech",
        reconnects=True,
    ),
    Setting(
        key="selection.free_first",
        kind=Kind.BOOL,
        title="Free hours first",
        help="The automatic choice takes whoever gives hours away, as long as some are left this month by the record "
        "on this computer. They are counted as costing nothing.",
        default=False,
        group="Speech",
        reconnects=True,
    ),
)

COSTS = (
    Setting(
        key="budget.usd",
        kind=Kind.FLOAT,
        title="Budget of a month",
        help="What providers may cost in a calendar month, by the prices of `usage.prices` and the list prices. "
        "0: no limit.",
        default=0.0,
        minimum=0,
        maximum=1_000_000,
        unit="US dollars",
        group=_COSTS,
    ),
    Setting(
        key="budget.warn_percent",
        kind=Kind.INT,
        title="Warning at",
        help="Says so when this much of the budget is used. 0: no warning.",
        default=80,
        minimum=0,
        maximum=100,
        unit="%",
        group=_COSTS,
    ),
    Setting(
        key="budget.at_limit",
        kind=Kind.CHOICE,
        title="When it is used up",
        help="What is being said is never cut off; this is about the next take and the next file.",
        default="refuse",
        choices=(
            Choice("refuse", "Stop", "Providers that cost money get nothing more; the recording is kept."),
            Choice("local", "Go on with this computer", "The best engine on this computer that is ready."),
        ),
        group=_COSTS,
    ),
    Setting(
        key="usage.prices",
        kind=Kind.LIST,
        title="Your own prices",
        help="Where you pay something else than the list price: US dollars per hour of sound (of spoken text: per "
        "million characters), as provider=price or provider/model=price.",
        default=(),
        pattern=r"[\w.-]+(/[^=]+)?=[0-9]{1,9}(\.[0-9]{1,9})?",
        example="deepgram/nova-3=0.26",
        group=_COSTS,
        advanced=True,
    ),
    Setting(
        key="usage.free_hours",
        kind=Kind.LIST,
        title="Your own free hours",
        help="Hours of speech that your accounts give you each month, as provider=hours; 0 where an account gives "
        "none.",
        default=(),
        pattern=r"[\w.-]+=[0-9]{1,6}(\.[0-9]{1,6})?",
        example="azure=5",
        group=_COSTS,
        advanced=True,
    ),
)
