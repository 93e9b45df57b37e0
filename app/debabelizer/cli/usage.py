"""``debabelizer usage``: what was used and what it cost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from debabelizer.cli.context import Run, json_option, note, pass_run, print_json

if TYPE_CHECKING:
    from debabelizer.accounts.budget import Budget
    from debabelizer.store import Total

_COLUMNS = ("uses", "errors", "audio", "characters", "to text", "US dollars")
_BAR = 30


@click.command()
@click.option("--by", type=click.Choice(["provider", "model", "day", "work"]), multiple=True, help="One row for each.")
@click.option("--since", metavar="DAY", help="From this day on: 2026-11-21.")
@click.option("--until", metavar="DAY", help="Up to and including this day.")
@click.option("--month", metavar="MONTH", help="A calendar month: 2026-11. Without any of these: the present one.")
@click.option("--all", "everything", is_flag=True, help="All there is.")
@click.option("--clear", is_flag=True, help="Delete all of it for good.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@json_option
@pass_run
def usage(
    run: Run,
    by: tuple[str, ...],
    since: str | None,
    until: str | None,
    month: str | None,
    everything: bool,
    clear: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """What was used and what it cost, by the prices of that day: this month by provider, and day by day.

    Costs are estimates from list prices (debabelizer providers NAME) or your own (usage.prices); options that cost
    extra are not in them.
    """
    from debabelizer.accounts.budget import budget
    from debabelizer.config import folders
    from debabelizer.store import By, Usage

    settings = run.settings
    kept = Usage(folders.data_dir())
    try:
        if clear:
            if not yes:
                click.confirm("Delete the whole record of usage for good?", abort=True, err=True)
            note(f"{kept.clear()} uses were deleted.")
            return
        first, last = (0.0, float("inf")) if everything else _span(since, until, month)
        groups = tuple(By(name) for name in dict.fromkeys(by)) or (By.PROVIDER, By.MODEL)
        totals = kept.totals(*groups, since=first, until=last)
        days = kept.totals(By.DAY, since=first, until=last)
        whole = next(iter(kept.totals(since=first, until=last)), None)
    finally:
        kept.close()
    now = budget(settings)
    if as_json:
        print_json(_data(first, last, groups, totals, days, whole, now))
        return
    if whole is None:
        note("Nothing was used in that time.")
    else:
        _table([group.value for group in groups], totals, whole)
        if By.DAY not in groups:
            _chart(days)
    if now.limit:
        click.echo(
            f"Budget: ${now.spent:.2f} of ${now.limit:.2f} used this month ({100 * now.spent / now.limit:.0f} %)."
        )


def _span(since: str | None, until: str | None, month: str | None) -> tuple[float, float]:
    """First second and the one after the last. Raises UsageError for what is no day or month."""
    from debabelizer.store.usage import month_of

    if month is not None and (since or until):
        raise click.UsageError("--month stands alone, without --since and --until.")
    if month is not None or not (since or until):
        return month_of(time.time() if month is None else _moment("--month", month, "%Y-%m"))
    last = float("inf")
    if until is not None:
        year, number, day = time.localtime(_moment("--until", until, "%Y-%m-%d"))[:3]
        last = time.mktime((year, number, day + 1, 0, 0, 0, 0, 0, -1))
    return _moment("--since", since, "%Y-%m-%d") if since else 0.0, last


def _moment(option: str, text: str, form: str) -> float:
    try:
        return time.mktime(time.strptime(text, form))
    except (ValueError, OverflowError):
        shape = "YYYY-MM" if form == "%Y-%m" else "YYYY-MM-DD"
        raise click.BadParameter(f"{text!r} is not {shape}", param_hint=option) from None


def _data(
    first: float,
    last: float,
    groups: tuple[str, ...],
    totals: list[Total],
    days: list[Total],
    whole: Total | None,
    now: Budget,
) -> dict[str, object]:
    """``since`` and ``until`` in seconds since 1970 (until: not included; null: open)."""
    from msgspec.structs import asdict

    def row(total: Total, keys: tuple[str, ...]) -> dict[str, object]:
        fields = asdict(total)
        return dict(zip(keys, fields.pop("key"), strict=True)) | fields

    return {
        "since": first or None,
        "until": last if last < float("inf") else None,
        "total": row(whole, ()) if whole else None,
        "by": [row(total, groups) for total in totals],
        "days": [row(total, ("day",)) for total in days],
        "budget": {"limit_usd": now.limit, "spent_usd": now.spent, "at_limit": now.at_limit} if now.limit else None,
    }


def _table(heads: list[str], totals: list[Total], whole: Total) -> None:
    rows = [[*(value or "-" for value in total.key), *_cells(total)] for total in totals]
    last = ["total", *[""] * (len(heads) - 1), *_cells(whole)]
    lines = [[*heads, *_COLUMNS], *rows, *([last] if len(rows) > 1 else [])]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        padded = zip(line, widths, strict=True)
        cells = [f"{c:<{w}}" if number < len(heads) else f"{c:>{w}}" for number, (c, w) in enumerate(padded)]
        click.echo("  ".join(cells).rstrip())
    if whole.unpriced:
        click.echo(f"+ {whole.unpriced} uses have no known price; give one with usage.prices.")


def _cells(total: Total) -> list[str]:
    answered = "-" if total.answered is None else f"{total.answered:.2f} s"
    usd = f"{total.usd:.2f}" if total.usd >= 0.1 or not total.usd else f"{total.usd:.4f}"
    plus = "+" if total.unpriced else ""
    return [str(total.uses), str(total.errors), _clock(total.seconds), str(total.characters), answered, usd + plus]


def _chart(days: list[Total]) -> None:
    """A bar for each day: of money, or of sound where nothing cost any."""
    money = any(day.usd for day in days)
    values = [day.usd if money else day.seconds for day in days]
    most = max(values, default=0.0)
    if not most:
        return
    click.echo("")
    for day, value in zip(days, values, strict=True):
        shown = f"${value:.2f}" if money else _clock(value)
        click.echo(f"{day.key[0]}  {_bar(value / most)} {shown}")
    click.echo("")


def _bar(share: float) -> str:
    """Eighths of a character; anything at all is seen."""
    eighths = max(1 if share else 0, round(share * _BAR * 8))
    return ("█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8]).ljust(_BAR)


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
