"""The composition root: settings become stores, feed, broker, accounts and conversations. Nothing is global."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import cast

from pydantic_ai.models import Model

from assistant.agent import build
from assistant.conversation import Conversation
from assistant.events import Header
from assistant.exchange import PaperExchange
from assistant.market import market_news, news_writer, open_market
from assistant.memory import Memory
from assistant.news import NewsFeeds, SentimentReader
from assistant.phrasing_preferences import phrase_changed
from assistant.phrasing_shown import phrase_resolved
from assistant.refits import refits
from assistant.router.reading import Reader
from assistant.settings import Settings, SettingsError
from assistant.turn import Services
from brokers.paper import PaperBroker
from brokers.vocabulary import DeskmateError, Freshness, Mode, Refused
from models.forecast_folds import open_folds
from models.registry import Registry
from storage.ledger import Ledger
from storage.locks import FileLocks
from storage.market_file import signature_of
from storage.news_scores import NewsScores
from tools.context import Offer, ToolContext
from tools.execution.accounts import AccountParts, Accounts
from tools.execution.coordinator import Step
from tools.execution.journal import Clock
from tools.execution.proposer import Proposer
from tools.execution.stops import SignalStops
from tools.market.evidence import HeadlineReader, MarketEvidence, model_version
from tools.market.forecast import Forecasting
from tools.market.news import NewsDesk
from tools.market.news_history import NewsHistory
from tools.performance.call_ledger import score_open, write_down
from tools.portfolio.results import positions
from tools.preferences.preferences import CHANGE
from tools.preferences.record import PreferenceRecord
from tools.signals.engine import SignalEngine
from tools.signals.market_record import Rules

MOST_CONVERSATIONS = 1000
"""Conversations kept in memory; the oldest goes first and comes back from the ledger."""


def _now() -> datetime:
    return datetime.now(UTC)


def _no_step(name: str) -> None:
    """Outside tests nothing watches the steps."""


class Desk:
    """Everything one home folder holds, put together."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = _now,
        choose: Callable[[str], str] = secrets.choice,
        step: Step = _no_step,
    ) -> None:
        """Open the stores of `settings.home` and put the desk together.

        Raises:
            StorageError: a store cannot be opened; the message says what to do.
            SettingsError: the language model of the settings cannot be made.
        """
        self.settings = settings
        self.clock = clock
        self._choose = choose
        self._model = _model_of(settings)
        self.ledger = Ledger(settings.ledger_file)
        self.feed = open_market(settings, clock())
        self.paper = PaperBroker(settings.exchange_file, self.feed, step=step)
        registry = Registry(home=settings.home)
        self.sentiment = SentimentReader(registry, settings.models.sentiment)
        self.evidence = MarketEvidence(
            NewsHistory(
                market_news(settings),
                lambda: signature_of(settings.market_file),
                self.feed.instruments,
                self._first_sessions,
            ),
            HeadlineReader(
                self.sentiment.model,
                lambda name: model_version(registry, name),
                NewsScores(settings.home / "news_scores.sqlite"),
            ),
            lambda: open_folds(registry),
            self.feed.calendar.close_of,
        )
        self.signals = SignalEngine(self.feed, Rules(refits=refits(settings.home)), self.evidence)
        self.news = NewsDesk(
            market_news(settings), self.feed.instruments, self.sentiment.model, self.sentiment.degraded
        )
        self.feeds = NewsFeeds(settings, news_writer(settings), clock)
        self.forecasts = Forecasting(self.feed, registry)
        exchange = PaperExchange(self.paper, self.feed.calendar)
        self.accounts = Accounts(
            self.ledger,
            self.feed,
            self.paper,
            self.paper,
            exchange,
            exchange.movements,
            FileLocks(settings.locks),
            clock,
            settings.ceiling,
            step,
        )
        self._agent = build()
        self._conversations: dict[tuple[str, str], Conversation] = {}
        self._preferences: dict[str, PreferenceRecord] = {}
        self._asof: date | None = None
        self._views: dict[str, datetime | None] = {}
        self._problems: dict[str, str] = {}

    @classmethod
    def open(cls, settings: Settings) -> Desk:
        """The desk of `settings`, with the real clock and real chance; what a crash left open is settled."""
        desk = cls(settings)
        desk.settle()
        return desk

    @property
    def default_person(self) -> str:
        """Who speaks where no sign-in says so."""
        return self.settings.person

    def _first_sessions(self) -> dict[str, date]:
        """Each symbol's first session, whatever day it is."""
        now = datetime.max.replace(tzinfo=UTC)
        found = {
            symbol: self.feed.columns(symbol, now).sessions[:1].astype("datetime64[D]")
            for symbol in self.feed.symbols(now)
        }
        days: dict[str, list[date]] = {symbol: first.tolist() for symbol, first in found.items()}
        return {symbol: day for symbol, (day,) in days.items()}

    @cached_property
    def reader(self) -> Reader:
        """The offline router's reader over the known instruments."""
        return Reader(self.feed.instruments())

    def settle(self) -> None:
        """Bring every account's books together: nothing is sent, and every order in flight gets a known state.

        Shown calls that were resolved, and not scored before a crash, are scored.

        An account that cannot be settled does not keep the others waiting; it is named in what is degraded.
        """
        self._problems.clear()
        for name in self.accounts.names():
            try:
                self.accounts.ensure(name)
                self._score_and_note(name)
            except DeskmateError as error:
                self._problems[name] = f"account {name}: {error.sentence()}"

    def account(self, person: str) -> AccountParts:
        """The person's account; a virtual one is opened at first use."""
        trading = self.settings.trading
        return self.accounts.default(person, trading.opening_cash, trading.profile)

    def preferences(self, person: str) -> PreferenceRecord:
        """What the person prefers, as the ledger tells it."""
        return self._preferences.setdefault(person, PreferenceRecord(self.ledger, person, self.clock))

    def conversation(self, person: str, session: str) -> Conversation:
        """The conversation of one person and session, whose account is opened at first use."""
        found = self._conversations.get((person, session))
        if found is None:
            parts = self.account(person)
            found = Conversation(person, session, self._services(parts, person, session, self._view(parts)))
            while len(self._conversations) >= MOST_CONVERSATIONS:
                self._conversations.pop(next(iter(self._conversations)))
            self._conversations[person, session] = found
        return found

    def look_as_of(self, asof: date) -> None:
        """From here on every conversation of this desk stands at `asof`.

        An account's replay clock is moved there; behind the account's last activity it is only read as of then.
        """
        self._asof = asof
        self._views.clear()
        self._conversations.clear()

    def _view(self, parts: AccountParts) -> datetime | None:
        """The instant an account is only read as of, placing its clock where that may be done; None where it trades."""
        if self._asof is None:
            return None
        name = parts.account.name
        if name not in self._views:
            self._views[name] = self._placed(name, self._asof)
        return self._views[name]

    def _placed(self, account: str, asof: date) -> datetime | None:
        calendar = self.feed.calendar
        session = calendar.on_or_before(asof)
        if session is None:
            raise Refused(f"The market data starts on {calendar.first()}.", fix="Choose that day or a later one.")
        floor = self.accounts.floor(account)
        if floor is not None and session < floor:
            return calendar.close_of(session)
        self.accounts.move(account, session)
        self._score_and_note(account)
        return None

    def _score_and_note(self, account: str) -> None:
        """Score shown calls where no answer can say so: the person is told the next time they look."""
        parts = self.accounts.parts(account)
        score_open(parts.account, parts.journal, self.feed, phrase_resolved)

    def _services(self, parts: AccountParts, person: str, session: str, view: datetime | None) -> Services:
        model = self._model
        return Services(
            parts=parts,
            memory=Memory(self.ledger, person, session, self.clock, parts.account.market_now),
            reader=self.reader,
            agent=self._agent,
            model=model,
            engine=self.settings.model,
            context=lambda: self._tools(parts, person, session, view),
            perform=lambda offer, channel: self.perform(parts, offer, person, channel),
            header=lambda: self.header(parts),
            notices=lambda: self.accounts.notices(parts.account.name),
            told=lambda up_to: self.accounts.told(parts.account.name, up_to),
            due=lambda text: self.accounts.due(parts.account.name, text),
            view=view,
            degraded=self.degraded,
            tool_limit=self.settings.models.tool_calls,
            turn_timeout=self.settings.models.turn_timeout.total_seconds(),
        )

    def _tools(self, parts: AccountParts, person: str, session: str, view: datetime | None) -> ToolContext:
        parts.account.blotter.refresh()
        read_only = ""
        if view is not None:
            read_only = (
                f"This is a view as of {view.date()}, before the account's last activity: it can be read, not traded."
            )
        proposer = Proposer(
            parts.account,
            parts.journal,
            conversation=session,
            stops=SignalStops(self.signals, self.feed),
            lifetime=self.settings.trading.ticket_lifetime,
            choose=self._choose,
            read_only=read_only,
        )
        asof = view or parts.account.market_now()
        return ToolContext(
            person=person,
            account=parts.account,
            feed=self.feed,
            bars=self.feed,
            signals=self.signals,
            news=self.news,
            forecasts=self.forecasts,
            proposer=proposer,
            shown=lambda signal: write_down(signal, asof, parts.account, parts.journal) if view is None else None,
            asof=asof,
            health=self.degraded,
            preferences=self.preferences(person).current(),
        )

    def perform(self, parts: AccountParts, offer: Offer, person: str, channel: str) -> str:
        """Do an act the person's own words asked for, and say what came of it."""
        name = parts.account.name
        match offer.act:
            case "cancel_order":
                view = parts.coordinator.cancel(offer.subject, channel)
                return f"Ticket {view.id}: {view.status.value}, {view.filled} of {view.quantity} filled."
            case "next_day":
                return self.advance(name, int(offer.subject or "1"))
            case "halt":
                self.accounts.halt(name, person, channel)
                return "Trading is halted: only orders that reduce a position pass. `deskmate resume` ends it."
            case "change_mode":
                return self._mode(parts, Mode(offer.subject))
            case "set_preference":
                change = CHANGE.validate_json(offer.subject)
                return phrase_changed(change, *self.preferences(person).change(change, channel))

    def _mode(self, parts: AccountParts, mode: Mode) -> str:
        if mode is parts.account.mode:
            return f"The mode is {mode.value} already."
        if mode is Mode.PAPER:
            return "No broker's paper account is connected, so “paper” means the virtual account you are on."
        raise Refused(f"No {mode.value} account is connected.", fix="This version trades on the simulated exchange.")

    def advance(self, account: str, sessions: int) -> str:
        """Step an account's replay clock `sessions` closes forward and say what happened."""
        calendar = self.feed.calendar
        parts = self.accounts.parts(account)
        target = calendar.offset(parts.account.session(), sessions)
        if target == parts.account.session():
            return (
                f"The data ends at {target}: the replay is over. `--asof` or `deskmate account reset` starts it again."
            )
        moved = self.accounts.move(account, target)
        happened = [f"{moved.fills} fills" if moved.fills != 1 else "1 fill"] if moved.fills else []
        happened += [f"{moved.dividends:.2f} in dividends"] if moved.dividends else []
        happened += [f"{moved.ended} orders ended"] if moved.ended else []
        what = f": {', '.join(happened)}" if happened else ", nothing traded"
        end = " It is the last session of the data." if target == calendar.last() else ""
        return f"It is now the close of {moved.session:%A %d %B %Y}{what}.{end}{self._score_and_tell(parts)}"

    def _score_and_tell(self, parts: AccountParts) -> str:
        """Score shown calls after a move, which stands whatever comes of this; what to say of it."""
        try:
            scored = score_open(parts.account, parts.journal, self.feed)
        except DeskmateError as error:
            return f" Your shown calls are not scored yet: {error.sentence()}"
        return f" {phrase_resolved(scored)}" if scored else ""

    def header(self, parts: AccountParts) -> Header:
        """What every channel always shows of an account."""
        account = parts.account
        account.blotter.refresh()
        statement = account.books.account(account.name)
        quote = self.feed.quote(self.feed.instruments()[0].symbol, statement.market_at)
        equity = positions(account).equity or statement.cash
        start = account.day_start_equity(account.session(), statement.cash)
        sample = quote is not None and quote.freshness is Freshness.SAMPLE
        return Header(
            person=account.person,
            account=account.name,
            mode=account.mode.value,
            currency=account.currency,
            equity=equity,
            cash=statement.cash,
            day_pnl=equity - start if start is not None else equity - equity,
            gate=self._gate(parts),
            data_as_of=f"{statement.market_at:%Y-%m-%d %H:%M} UTC",
            freshness="" if quote is None else quote.freshness.value,
            market_note="replayed history; orders are taken at the close, which no real exchange does"
            if sample
            else "",
            degraded=self.degraded(),
        )

    def _gate(self, parts: AccountParts) -> str:
        differences = parts.account.differences()
        if differences:
            return f"closed: {'; '.join(differences)}"
        return "reducing: trading is halted" if parts.account.blotter.halted else "open"

    def degraded(self) -> tuple[str, ...]:
        """What is missing at this desk, and what stands in for it."""
        return (*self._problems.values(), *self.feeds.degraded())

    def close(self) -> None:
        """Close the stores."""
        self.feeds.close()
        self.paper.close()
        self.ledger.close()


def _model_of(settings: Settings) -> Callable[[], Model] | None:
    """Makes the configured language model, or None for the offline router.

    Raises:
        SettingsError: the setting cannot be read, or what it names cannot be loaded.
    """
    kind, _, name = settings.model.partition(":")
    if settings.model == "router":
        return None
    if kind in ("openai", "compatible") and name:
        return lambda: _openai(settings, name)
    if kind == "python" and name.count(":") == 1:
        return _factory(name)
    raise SettingsError(
        f"model = “{settings.model}” names no model.",
        fix="Use router, openai:NAME, compatible:NAME (with base_url) or python:package.module:factory.",
    )


def _openai(settings: Settings, name: str) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    key = None if settings.api_key is None else settings.api_key.get_secret_value()
    return OpenAIChatModel(name, provider=OpenAIProvider(base_url=settings.base_url, api_key=key))


def _factory(name: str) -> Callable[[], Model]:
    module, _, attribute = name.partition(":")
    try:
        return cast(Callable[[], Model], getattr(importlib.import_module(module), attribute))
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"model: {name} cannot be loaded ({error}).", fix="Check the module and the name."
        ) from error
