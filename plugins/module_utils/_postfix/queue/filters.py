# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that selects messages: data in, a test of a message out, or everything that is wrong with it. Pure.

What a message is tested for may be unknown: where it came from is not in the list that postqueue(1) prints. So a test
gives true, false or nothing, and only a message that it says nothing of is worth a look into its queue file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable, Optional

from ..._engine.errors import Problem
from . import patterns, reasons
from .messages import CORRUPT, NULL_SENDER, QUEUES, Envelope, Message, domain_of

Test = Callable[[Message, float, Optional[Envelope]], Optional[bool]]
DEEPEST = 20
BATCH = 500


@dataclass(frozen=True)
class Filter:
    """``test`` takes a message, the present time and, where known, the envelope.

    ``constant`` is true when it selects every message, false when none, nothing when that depends on the message.
    """

    test: Test
    constant: Optional[bool] = None


EVERYTHING = Filter(lambda _message, _now, _envelope: True, True)
NOTHING = Filter(lambda _message, _now, _envelope: False, False)


def read_filter(data: Any, option: str = "filter") -> tuple[Filter, list[Problem]]:
    """The filter that ``data`` describes, and what is wrong with it."""
    problems: list[Problem] = []
    return _read(option, data, problems, 0), problems


def select(
    messages: Iterable[Message],
    wanted: Filter,
    now: float,
    read_envelopes: Callable[[Sequence[str]], Mapping[str, Envelope]],
) -> Iterator[Message]:
    """The messages that a filter selects, as they come. One whose envelope is needed and gone has left the queue."""
    test, waiting = wanted.test, []
    for message in messages:
        answer = test(message, now, None)
        if answer:
            yield message
        elif answer is None:
            waiting.append(message)
            if len(waiting) == BATCH:
                yield from _with_envelopes(waiting, test, now, read_envelopes)
                waiting = []
    if waiting:
        yield from _with_envelopes(waiting, test, now, read_envelopes)


def _with_envelopes(
    messages: Sequence[Message],
    test: Test,
    now: float,
    read_envelopes: Callable[[Sequence[str]], Mapping[str, Envelope]],
) -> Iterator[Message]:
    # Nobody knows where a damaged message came from: it stays out, whichever way it is asked for.
    known = read_envelopes([message.queue_id for message in messages if message.queue != CORRUPT])
    return (
        message for message in messages if message.queue_id in known and test(message, now, known[message.queue_id])
    )


def _read(option: str, data: Any, problems: list[Problem], depth: int) -> Filter:
    """A dictionary of conditions, all of which must hold."""
    if not isinstance(data, dict):
        problems.append(Problem(option, "is no dictionary of conditions", f"write some of {_known()}", data))
        return NOTHING
    if depth > DEEPEST:
        problems.append(Problem(option, f"is nested deeper than {DEEPEST} levels", "write it flatter"))
        return NOTHING
    parts = []
    for name, value in data.items():
        place = f"{option}.{name}"
        if name in ("all", "any"):
            parts.append(_combined(name, place, value, problems, depth))
        elif name == "not":
            parts.append(_negated(_read(place, value, problems, depth + 1)))
        elif name in CONDITIONS:
            parts.append(CONDITIONS[name](place, value, problems))
        else:
            problems.append(Problem(place, "is no condition", f"write one of {_known()}"))
    return _all(parts)


def _known() -> str:
    return ", ".join([*CONDITIONS, "all", "any", "not"])


def _combined(name: str, option: str, value: Any, problems: list[Problem], depth: int) -> Filter:
    if not isinstance(value, list) or not value:
        cure = "write a list of filters"
        if name == "all" and value is True:
            cure += "; what selects every message is the option all of the module, beside the filter"
        problems.append(Problem(option, "is no list of filters", cure, value))
        return NOTHING
    parts = [_read(f"{option}[{index}]", one, problems, depth + 1) for index, one in enumerate(value)]
    return _all(parts) if name == "all" else _negated(_all([_negated(part) for part in parts]))


def _all(parts: Sequence[Filter]) -> Filter:
    if len(parts) == 1:
        return parts[0]
    tests = [part.test for part in parts]

    def test(message: Message, now: float, envelope: Optional[Envelope]) -> Optional[bool]:
        answer: Optional[bool] = True
        for one in tests:
            said = one(message, now, envelope)
            if said is False:
                return False
            if said is None:
                answer = None
        return answer

    constants = [part.constant for part in parts]
    return Filter(test, False if False in constants else None if None in constants else True)


def _negated(part: Filter) -> Filter:
    inner = part.test

    def test(message: Message, now: float, envelope: Optional[Envelope]) -> Optional[bool]:
        said = inner(message, now, envelope)
        return None if said is None else not said

    return Filter(test, None if part.constant is None else not part.constant)


def _simple(test: Callable[[Message], bool], always: bool) -> Filter:
    return Filter(lambda message, _now, _envelope: test(message), True if always else None)


def _queue(option: str, value: Any, problems: list[Problem]) -> Filter:
    places = patterns.texts(option, value, problems)
    for place, name in places:
        if name not in QUEUES:
            problems.append(Problem(place, "is no queue", f"write one of {', '.join(QUEUES)}", name))
    names = frozenset(name for _place, name in places)
    return _simple(lambda message: message.queue in names, names.issuperset(QUEUES))


def _sender(option: str, value: Any, problems: list[Problem]) -> Filter:
    places = patterns.texts(option, value, problems)
    matches = patterns.matcher([(place, NULL_SENDER if text == "<>" else text) for place, text in places], problems)
    return _simple(lambda message: matches.test(message.sender), matches.always)


def _sender_domain(option: str, value: Any, problems: list[Problem]) -> Filter:
    matches = patterns.matcher(patterns.texts(option, value, problems), problems)
    return _simple(lambda message: matches.test(domain_of(message.sender)), matches.always)


def _recipient(option: str, value: Any, problems: list[Problem]) -> Filter:
    matches = patterns.matcher(patterns.texts(option, value, problems), problems)
    return _simple(lambda message: any(matches.test(one.address) for one in message.recipients), matches.always)


def _recipient_domain(option: str, value: Any, problems: list[Problem]) -> Filter:
    matches = patterns.matcher(patterns.texts(option, value, problems), problems)
    return _simple(
        lambda message: any(matches.test(domain_of(one.address)) for one in message.recipients), matches.always
    )


def _reason(option: str, value: Any, problems: list[Problem]) -> Filter:
    """A class of enhanced statuses, or words in the reason."""
    words, classes = [], []
    for place, text in patterns.texts(option, value, problems):
        if not reasons.LOOKS_LIKE_A_CLASS.fullmatch(text):
            words.append((place, text))
        elif reasons.STATUS_CLASS.fullmatch(text):
            classes.append((place, text.lower().replace("x", "*")))
        else:
            cure = "write 4.x.x, 5.x.x, or one with a subject from 0 to 7, such as 4.7.x or 4.4.1"
            problems.append(Problem(place, "is no class of enhanced statuses", cure, text))
    said, status = patterns.matcher(words, problems, within=True), patterns.matcher(classes, problems)

    def test(message: Message) -> bool:
        return any(
            said.test(one.reason) or (bool(classes) and status.test(reasons.cause(one.reason).status))
            for one in message.recipients
        )

    return _simple(test, said.always)


def _age(option: str, value: Any, problems: list[Problem]) -> Filter:
    limits = patterns.amounts(option, value, patterns.SECONDS, problems)
    if limits is None:
        return NOTHING
    return Filter(
        lambda message, now, _envelope: limits.holds(max(0.0, now - message.arrival)),
        True if limits == (0, None) else None,
    )


def _size(option: str, value: Any, problems: list[Problem]) -> Filter:
    limits = patterns.amounts(option, value, patterns.BYTES, problems)
    return NOTHING if limits is None else _simple(lambda message: limits.holds(message.size), limits == (0, None))


def _recipients(option: str, value: Any, problems: list[Problem]) -> Filter:
    limits = patterns.amounts(option, value, {}, problems)
    if limits is None:
        return NOTHING
    return _simple(lambda message: limits.holds(len(message.recipients)), limits.low <= 1 and limits.high is None)


def _queue_id(option: str, value: Any, problems: list[Problem]) -> Filter:
    """Names of queue files; letters in those of the long form count by their case."""
    places = patterns.texts(option, value, problems)
    for place, text in places:
        if not (text.isascii() and text.isalnum() and 6 <= len(text) <= 50):
            problems.append(Problem(place, "is no queue id", "write it as postqueue(1) shows it", text))
    ids = frozenset(text for _place, text in places)
    return _simple(lambda message: message.queue_id in ids, False)


def _client(option: str, value: Any, problems: list[Problem]) -> Filter:
    matches = patterns.matcher(patterns.texts(option, value, problems), problems)
    return _enveloped(lambda known: matches.test(known.client_name) or matches.test(known.client_address), matches)


def _sasl_user(option: str, value: Any, problems: list[Problem]) -> Filter:
    matches = patterns.matcher(patterns.texts(option, value, problems), problems)
    return _enveloped(lambda known: matches.test(known.sasl_user), matches)


def _enveloped(test: Callable[[Envelope], bool], matches: patterns.Matcher) -> Filter:
    return Filter(
        lambda _message, _now, envelope: None if envelope is None else test(envelope),
        True if matches.always else None,
    )


CONDITIONS: Mapping[str, Callable[[str, Any, list[Problem]], Filter]] = {
    "queue": _queue,
    "queue_id": _queue_id,
    "sender": _sender,
    "sender_domain": _sender_domain,
    "recipient": _recipient,
    "recipient_domain": _recipient_domain,
    "recipients": _recipients,
    "reason": _reason,
    "age": _age,
    "size": _size,
    "client": _client,
    "sasl_user": _sasl_user,
}
