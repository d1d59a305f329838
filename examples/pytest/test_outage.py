import pytest

import assistant
from drill import Refused


def test_a_healthy_provider_answers_at_the_first_attempt(drill):
    drill.hold()  # The scenario goes on at 60 times real time: here it waits for the tests.

    assert assistant.answer("What is a black start?")["source"] == "live"
    assert [attempt["status"] for attempt in drill.attempts()] == [200]


def test_one_overload_is_retried(drill):
    with drill.inject(surface="api", fault="overloaded", when={"first": 1}):
        answer = assistant.answer("What is a grid?")

    assert answer["source"] == "live"
    assert [attempt["status"] for attempt in drill.attempts()] == [529, 200]
    assert [attempt["fault"] for attempt in drill.attempts()] == ["overloaded", None]


def test_a_wrong_key_is_not_retried(drill):
    with drill.inject(surface="api", fault="unauthorized"):
        answer = assistant.answer("What is a turbine?")

    assert answer["source"] == "fallback"
    assert [attempt["status"] for attempt in drill.attempts()] == [401]


def test_a_limit_is_left_alone_when_nobody_would_wait_so_long(drill):
    with drill.inject(surface="api", fault={"rate-limited": {"retry_after": "10m"}}):
        answer = assistant.answer("What is a volt?")

    assert answer["source"] == "fallback"
    assert [attempt["status"] for attempt in drill.attempts()] == [429]


def test_a_connection_that_breaks_is_tried_again(drill):
    with drill.inject(surface="api", fault="reset", when={"first": 1}):
        answer = assistant.answer("What is a relay?")

    assert answer["source"] == "live"
    assert [attempt["outcome"] for attempt in drill.attempts()] == ["reset", "ok"]


def test_in_a_blackout_users_get_an_honest_word_and_the_provider_three_attempts(drill):
    drill.goto("blackout + 10s")
    drill.hold()

    assert assistant.answer("What is a fuse?") == {"source": "fallback", "text": assistant.SORRY}
    assert [attempt["status"] for attempt in drill.attempts()] == [529, 529, 529]


def test_a_drill_does_not_go_back(drill):
    with pytest.raises(Refused, match="does not go back"):
        drill.goto("blackout")


def test_when_all_is_healed_it_answers_again(drill):
    drill.goto("healed + 1s")

    assert assistant.answer("What is a substation?")["source"] == "live"


def test_nothing_else_was_wrong(drill):
    verdict = drill.verdict()

    assert verdict["verdict"] == "pass", verdict
