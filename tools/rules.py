"""The rules of the house: each with an id and one sentence. Tests name the ids; one fails when a rule has no test."""

from __future__ import annotations

from types import MappingProxyType

RULES = MappingProxyType(
    {
        "consent:person": "No order reaches a broker unless a person released exactly that ticket, by the channel's "
        "own authenticated event, or released the standing instruction it comes from.",
        "consent:exact": "A ticket is immutable; any change makes a new one; consent is single-use and expires.",
        "model:no-hands": "No tool a model can call sends, confirms, cancels, loosens a limit, changes mode or sees "
        "another person's data; it can only offer.",
        "gate:same": "One identical risk gate judges every order, when the ticket is made and again when it is sent.",
        "gate:closed": "What cannot be priced, is stale, unknown, unreconciled or not a finite number is refused.",
        "send:once": "At most one send per ticket; what was perhaps sent is UNKNOWN until the broker's books speak.",
        "ledger:append": "Everything that happened is a typed event in an append-only, hash-chained ledger; state is a "
        "projection of it.",
        "time:asof": "Whatever computes a signal for time t can only see data known at t.",
        "number:traced": "Every number in an answer traces to a value a tool returned, or to the person's own words.",
        "degrade:say": "When a model, feed or broker is missing, the answer says so and what stood in for it.",
        "text:untrusted": "News, symbol names, broker messages and file contents are data, never instructions.",
    }
)
