"""Signals that end us, while nothing and while something is being started."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from pagereel.errors import Ended
from pagereel.render.process import _Held, endable


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_they_are_raised(number: signal.Signals) -> None:
    with pytest.raises(Ended) as caught, endable():
        signal.raise_signal(number)
    assert caught.value.code == 128 + number
    assert signal.getsignal(number) is signal.SIG_DFL


def test_a_second_one_does_not_disturb_the_clearing_up() -> None:
    done = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGHUP)
        finally:
            signal.raise_signal(signal.SIGTERM)
            done.append("cleared up")

    with pytest.raises(Ended), endable():
        work()
    assert done == ["cleared up"]


def test_who_has_one_ignored_keeps_it_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with endable():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_they_wait_while_they_are_held() -> None:
    done = []

    def start() -> None:
        held = _Held()
        signal.raise_signal(signal.SIGTERM)
        done.append("started")
        held.release()
        done.append("and not ended")

    with pytest.raises(Ended), endable():
        start()
    assert done == ["started"]


def test_without_a_signal_nothing_is_released() -> None:
    with endable():
        _Held().release()
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    _Held().release()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_other_threads_hear_of_nothing() -> None:
    def work() -> None:
        with endable():
            _Held().release()

    with ThreadPoolExecutor() as pool:
        pool.submit(work).result()
