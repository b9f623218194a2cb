"""`deskmate import`, `doctor`, `bench`: the market and the machinery."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli_common import AsJson, Home, desk_of, out, settings_of

imports = typer.Typer(help="Import market data into the store.", no_args_is_help=True)


@imports.command("bars")
def import_bars(
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or JSONL: symbol, date, open, high, low, close, volume.")],
    home: Home = None,
    keep_sample: Annotated[bool, typer.Option("--keep-sample", help="Keep showing the sample market.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace stored bars of these symbols.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import daily bars. Rows that cannot be right are kept apart with their reason, never used."""
    from datetime import UTC, datetime

    from assistant.market import open_market, writer
    from brokers.feeds.files import read_bars

    settings = settings_of(home)
    open_market(settings, datetime.now(UTC))
    report = writer(settings).import_bars(
        read_bars(file), source=file.name, now=datetime.now(UTC), keep_sample=keep_sample, replace=replace
    )
    if as_json:
        out(report)
        return
    sys.stdout.write(f"{report.accepted:,} bars imported.\n")
    for reason, count in report.reasons.items():
        sys.stdout.write(f"  kept apart: {count:,} - {reason}\n")


@imports.command("news")
def import_news(
    file: Annotated[Path, typer.Argument(help="CSV or JSONL: ts, symbols, headline, source[, body].")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Import news. A row that cannot be right, such as one dated in the future, is kept apart with its reason."""
    from datetime import UTC, datetime

    from assistant.market import news_writer
    from brokers.feeds.news_files import read_news

    writer = news_writer(settings_of(home))
    report = writer.import_news(read_news(file), source=file.name, now=datetime.now(UTC))
    if as_json:
        out(report)
        return
    again = f", {report.unchanged:,} of them known already" if report.unchanged else ""
    sys.stdout.write(f"{report.accepted:,} news items imported{again}.\n")
    for reason, count in report.reasons.items():
        sys.stdout.write(f"  kept apart: {count:,} - {reason}\n")


@imports.command("feeds")
def import_feeds(home: Home = None, as_json: AsJson = False) -> None:
    """Ask the feeds of the settings for news now; one that failed before is left alone for a while."""
    from datetime import UTC, datetime

    from assistant.market import news_writer
    from assistant.news import NewsFeeds
    from brokers.vocabulary import BadInput

    settings = settings_of(home)
    if not settings.news.feeds:
        raise BadInput("There are no feeds in the settings.", fix='Add [news] feeds = ["https://…"] to deskmate.toml.')
    outcomes = NewsFeeds(settings, news_writer(settings), lambda: datetime.now(UTC)).refresh()
    for outcome in outcomes:
        if as_json:
            out(outcome)
            continue
        kept = f", {outcome.quarantined:,} kept apart" if outcome.quarantined else ""
        told = f"{outcome.new:,} new{kept}" if not outcome.problem else outcome.problem
        sys.stdout.write(f"{outcome.url}: {told if outcome.asked else f'left alone for a while ({told})'}\n")
    if all(outcome.problem for outcome in outcomes):
        raise typer.Exit(1)


def doctor(home: Home = None, as_json: AsJson = False) -> None:
    """Check every part and say what to do about what is wrong."""
    from brokers.vocabulary import DeskmateError
    from tools.health.checks import checked

    settings = settings_of(home)

    def opened() -> str:
        with desk_of(home) as desk:
            names = desk.accounts.names()
            bad = [name for name in names if desk.accounts.parts(name).account.differences()]
            if bad:
                raise DeskmateError(f"not reconciled: {', '.join(bad)}.", fix="See `deskmate ask health`.")
            calendar = desk.feed.calendar
            return f"{len(names)} accounts agree with the broker; data from {calendar.first()} to {calendar.last()}"

    def verified() -> str:
        from storage.ledger import Ledger

        with Ledger(settings.ledger_file) as ledger:
            found = ledger.verify()
        if not found.intact:
            raise DeskmateError(f"{found.problem}.", fix="Put back a copy of the ledger.")
        return f"{found.events} events in {found.streams} streams, head {found.head}"

    results = checked(
        {
            "settings": lambda: f"{settings.home} (model {settings.model})",
            "desk": opened,
            "ledger": verified,
        }
    )
    for result in results:
        if as_json:
            out(result)
        else:
            mark = "ok " if result.ok else "BAD"
            sys.stdout.write(f"{mark} {result.name}: {result.text}{f' {result.fix}' if result.fix else ''}\n")
    if not all(result.ok for result in results):
        raise typer.Exit(1)


def bench(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]…", help="Which measurements; all otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the measurements behind the project's figures (from a checkout)."""
    from brokers.vocabulary import BadInput

    try:
        from bench.run import run
    except ModuleNotFoundError as error:
        raise BadInput("The measurements are in a checkout only.", fix="Run `make bench` there.") from error
    run(names or [], as_json=as_json)
