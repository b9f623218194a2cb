"""The sheets of risk: what is held now, what an order would change, stress scenarios, and the limits."""

from __future__ import annotations

from assistant.channels.sheet import Change, Column, Figure, Kind, Sheet, Table, cell, row
from tools.catalogue_account import LimitsResult, RiskResult, StressResult, WhatIfResult
from tools.risk.exposure import PortfolioRisk


def risk(result: RiskResult) -> Sheet:
    """The risk of what is held now."""
    value = result.risk
    columns: tuple[Column, ...] = (
        ("Symbol", Kind.TEXT),
        ("Quantity", Kind.COUNT),
        ("Value", Kind.MONEY),
        ("Weight", Kind.PERCENT),
    )
    rows = tuple(row(part.symbol, part.quantity, part.value, part.percent) for part in value.weights)
    return Sheet(
        title="Portfolio risk",
        currency=value.currency,
        source=result.account,
        as_of=result.as_of.isoformat(),
        figures=tuple(figure for figure in _risk_figures(value) if figure.value is not None),
        tables=(Table("", columns, rows, empty="No positions."),),
        remarks=value.notes,
    )


def what_if(result: WhatIfResult) -> Sheet:
    """The portfolio's risk before and after an order, and what the gate would say to it."""
    value = result.what_if
    before, after = value.before, value.after
    compared = zip(_risk_figures(before), _risk_figures(before if after is None else after), strict=True)
    changes = tuple(
        Change(was.name, was.value, now.value, was.kind, was.note)
        for was, now in compared
        if was.value is not None or now.value is not None
    )
    verdict = value.verdict
    return Sheet(
        title=f"If you {result.side.value} {result.quantity.normalize():f} {result.symbol}",
        currency=before.currency,
        source=f"{result.account} · nothing is proposed by this",
        as_of=result.as_of.isoformat(),
        figures=(
            Figure("Taken to fill at", cell(value.fill_price), Kind.PRICE),
            Figure("Risk gate", "would let it pass" if verdict.passed else "would refuse it"),
        ),
        changes=() if after is None else changes,
        remarks=(*(reason.text for reason in verdict.reasons), *(() if after is None else after.notes)),
    )


def limits(result: LimitsResult) -> Sheet:
    """Every limit, what it allows and how much of it is used."""
    value = result.use
    columns: tuple[Column, ...] = (
        ("Limit", Kind.TEXT),
        ("Used", Kind.AUTO),
        ("Allowed", Kind.AUTO),
        ("Unit", Kind.TEXT),
        ("Of it", Kind.PERCENT),
        ("", Kind.TEXT),
    )
    rows = tuple(row(one.text, one.used, one.allowed, one.unit, one.percent, one.note) for one in value.rows)
    halted = ("Trading is halted: only orders that reduce a position pass.",) if result.halted else ()
    return Sheet(
        title="Limits",
        source=f"{result.account} · {result.profile} profile · version {value.version}",
        as_of=result.as_of.isoformat(),
        tables=(Table("", columns, rows),),
        remarks=halted,
    )


def stress(value: StressResult) -> Sheet:
    """What each scenario would do at once."""
    columns: tuple[Column, ...] = (
        ("Scenario", Kind.TEXT),
        ("Change", Kind.SIGNED),
        ("Of equity", Kind.SIGNED_PERCENT),
    )
    rows = tuple(row(one.scenario, one.change, one.change_percent) for one in value.rows)
    return Sheet(
        title="Stress",
        currency=value.currency,
        source=value.account,
        as_of=value.as_of.isoformat(),
        tables=(Table("", columns, rows, empty="No positions to stress."),),
        remarks=(value.note,) if value.note else (),
    )


def _risk_figures(value: PortfolioRisk) -> tuple[Figure, ...]:
    tail = value.tail
    return (
        Figure("Equity", cell(value.equity), Kind.MONEY),
        Figure("Gross exposure", cell(value.gross_percent), Kind.PERCENT, "of equity"),
        Figure("Net exposure", cell(value.net_percent), Kind.PERCENT, "of equity"),
        Figure(
            "One-day value at risk",
            None if tail is None else cell(tail.var),
            Kind.MONEY,
            "" if tail is None else f"exceeded on {1 - tail.confidence:.0%} of {tail.n} past days",
        ),
        Figure(
            "Mean loss beyond it",
            None if tail is None else cell(tail.cvar),
            Kind.MONEY,
            "" if tail is None else tail.method,
        ),
        Figure("Volatility", None if tail is None else round(tail.volatility_percent, 1), Kind.PERCENT, "a year"),
        Figure("Concentration", cell(value.concentration), Kind.COUNT, "1 is all in one position"),
        Figure("Most it can lose", cell(value.max_loss), Kind.MONEY, "all that is owned going to nothing"),
    )
