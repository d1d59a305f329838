"""How it is often written: the SDK as it comes, and a loop around it, since it fails now and then."""

import time

import anthropic

from server import serve

client = anthropic.Anthropic()  # Tries three times by itself, and gives each attempt ten minutes.


def ask(question, trace):
    for attempt in range(3):
        try:
            message = client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=512,
                messages=[{"role": "user", "content": question}],
                extra_headers=trace,
            )
            return {"answer": message.content[0].text, "source": "live"}
        except anthropic.APIError:
            if attempt == 2:
                raise
            time.sleep(0.5)


serve(ask)
