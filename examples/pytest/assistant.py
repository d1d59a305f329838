"""The app under test: one question to the model, two retries, and an honest word when it does not answer.

Nothing in here knows of blackstart. Where the model is, and with which key it is asked, stands in the environment, under
the names that Anthropic's own SDK reads.
"""

import json
import os
import random
import time
import urllib.error
import urllib.request

RETRIES = 2
TIMEOUT_S = 5
PATIENCE_S = 2
SORRY = "The assistant is not available right now. Please try again later."


def answer(question: str) -> dict:
    """``{"source": "live" | "fallback", "text": …}``; never raises for what the provider does."""
    for attempt in range(RETRIES + 1):
        try:
            return {"source": "live", "text": _ask(question)}
        except urllib.error.HTTPError as error:
            # 4xx but 408 and 429 will not get better by asking again.
            if error.code < 500 and error.code not in (408, 429):
                break
            pause = _retry_after(error)
        except (OSError, ValueError):
            pause = None
        if pause is not None and pause > PATIENCE_S:
            break  # Longer than anybody waits: asking sooner would only add to the load.
        if attempt < RETRIES:
            time.sleep(pause if pause is not None else random.uniform(0, 0.1 * 2**attempt))
    return {"source": "fallback", "text": SORRY}


def _ask(question: str) -> str:
    body = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 256,
        "messages": [{"role": "user", "content": question}],
    }
    request = urllib.request.Request(
        os.environ["ANTHROPIC_BASE_URL"].rstrip("/") + "/v1/messages",
        data=json.dumps(body).encode(),
        headers={
            "content-type": "application/json",
            "x-api-key": os.environ["ANTHROPIC_API_KEY"],
            "anthropic-version": "2023-06-01",
        },
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        content = json.load(response)["content"]
    text = "".join(block.get("text", "") for block in content)
    if not text:
        raise ValueError("the model said nothing")
    return text


def _retry_after(error: urllib.error.HTTPError) -> float | None:
    try:
        return float(error.headers.get("retry-after", ""))
    except ValueError:
        return None
