"""The same with Anthropic's own SDK, where it is installed: it reads the drill's address and key by itself."""

import pytest

anthropic = pytest.importorskip("anthropic")


def test_the_sdk_retries_an_overload(drill):
    with drill.inject(surface="api", fault="overloaded", when={"first": 1}):
        message = anthropic.Anthropic(max_retries=2).messages.create(
            model="claude-sonnet-5-5",
            max_tokens=64,
            messages=[{"role": "user", "content": "What is an ampere?"}],
        )

    assert message.content[0].text
    assert [attempt["status"] for attempt in drill.attempts()] == [529, 200]


def test_the_sdk_tells_an_overload_from_other_errors(drill):
    with drill.inject(surface="api", fault="overloaded"):
        with pytest.raises(anthropic.APIStatusError) as caught:
            anthropic.Anthropic(max_retries=0).messages.create(
                model="claude-sonnet-5-5",
                max_tokens=64,
                messages=[{"role": "user", "content": "What is an ohm?"}],
            )

    assert caught.value.status_code == 529
