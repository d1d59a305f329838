"""A small service that asks OpenAI."""

import openai

from patiently import patiently
from server import serve

client = openai.OpenAI(max_retries=0)  # `patiently` is the only one that tries again.


def ask(question, trace):
    def once(timeout):
        completion = client.chat.completions.create(
            model="gpt-5",
            messages=[{"role": "user", "content": question}],
            timeout=timeout,
            extra_headers=trace,
        )
        return completion.choices[0].message.content

    return patiently(once, openai)


serve(ask)
