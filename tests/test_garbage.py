"""When Python looks for cyclic garbage: not during a run, and never so seldom that it piles up."""

import gc
import weakref

import pytest

from testimony import garbage


class Cycle:
    def __init__(self):
        self.itself = self


@pytest.fixture
def looks():
    seen = []

    def note(phase, info):
        if phase == "start":
            seen.append(info["generation"])

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def test_nothing_is_looked_for_within_even_if_a_library_enables_the_collector(looks):
    with garbage.uncollected():
        gc.disable()
        gc.enable()  # as spaCy's reader of weights does
        looks.clear()
        kept = [[number] for number in range(100_000)]
        assert not looks
    assert len(kept) == 100_000
    assert gc.isenabled()
    assert gc.get_threshold()[0] > 0


def test_cycles_of_many_batches_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(garbage, "MANY", 1_000)
    born = []
    with garbage.uncollected():
        for _ in range(20):
            with garbage.collected_after():
                born += [weakref.ref(Cycle()) for _ in range(200)]
            assert sum(ref() is not None for ref in born) < 2_000
