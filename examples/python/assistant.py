"""A small service that asks Claude."""

import anthropic

from patiently import patiently
from server import serve

client = anthropic.Anthropic(max_retries=0)  # `patiently` is the only one that tries again.


def ask(question, trace):
    def once(timeout):
        message = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=512,
            messages=[{"role": "user", "content": question}],
            timeout=timeout,
            extra_headers=trace,
        )
        return message.content[0].text

    return patiently(once, anthropic)


serve(ask)
