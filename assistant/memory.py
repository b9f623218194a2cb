"""What a conversation remembers between turns and processes: events, with the person's words kept beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from assistant.events import Answer
from storage.ledger import Ledger, NewEvent
from tools.execution.journal import Clock

SAID = "turn.said"
ANSWERED = "turn.answered"
RESET = "conversation.reset"


class Memory:
    """One conversation's stream: "conversation:PERSON/SESSION"."""

    def __init__(self, ledger: Ledger, person: str, session: str, clock: Clock, market: Clock) -> None:
        self._ledger = ledger
        self._stream = f"conversation:{quote(person, safe='')}/{quote(session, safe='')}"
        self._clock = clock
        self._market = market

    def said(self, text: str, channel: str) -> str:
        """Write down that the person spoke; returns the reference of their words."""
        ref = self._ledger.new_ref()
        event = NewEvent(SAID, 1, {"channel": channel, "words": ref})
        self._append(event, {ref: text})
        return ref

    def answered(self, answer: Answer, context: Mapping[str, object]) -> None:
        """Write down what the turn did, and what the next one may refer back to."""
        ref = self._ledger.new_ref()
        body = {
            "intent": answer.intent,
            "sub": answer.sub,
            "clarify": answer.clarify,
            "tools": [{"name": tool.name, "ok": tool.ok} for tool in answer.tools],
            "ticket": None if answer.ticket is None else answer.ticket.id,
            "order_sent": answer.order_sent,
            "engine": answer.engine,
            "words": ref,
        }
        words = json.dumps({"text": answer.text, "context": context}, ensure_ascii=False)
        event = NewEvent(ANSWERED, 1, body)
        self._append(event, {ref: words})

    def reset(self) -> None:
        """Start afresh: nothing before this is referred back to."""
        self._append(NewEvent(RESET, 1, {}), {})

    def _append(self, event: NewEvent, words: Mapping[str, str]) -> None:
        """Every event carries both clocks."""
        self._ledger.append(self._stream, [event], wall_at=self._clock(), market_at=self._market(), words=words)

    def context(self) -> Mapping[str, object]:
        """What the last turn left to refer back to; empty for a new or reset conversation."""
        last = self._ledger.last(self._stream, (ANSWERED, RESET))
        if last is None or last.kind == RESET:
            return {}
        words = self._ledger.words(str(last.body.get("words", "")))
        return {} if words is None else json.loads(words).get("context", {})
