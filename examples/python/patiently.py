"""One layer of retries, a deadline over all of it, and an honest word when the model does not answer."""

import random
import time

DEADLINE_S = 4.0  # So long does a person wait.
ATTEMPT_S = 3.0
ATTEMPTS = 2
SORRY = "The assistant cannot be reached at the moment, and your question was not answered. Please ask again in a minute."


def patiently(once, sdk):
    """Answers with what `once(timeout)` returns. `sdk` is anthropic or openai: they call their errors by the same names."""
    until = time.monotonic() + DEADLINE_S
    for attempt in range(ATTEMPTS):
        try:
            return {"answer": once(min(ATTEMPT_S, until - time.monotonic())), "source": "live"}
        except sdk.APIStatusError as error:
            if error.status_code < 500 and error.status_code not in (408, 429):
                break  # The request itself is wrong: asking again does not mend it.
            pause = float(error.response.headers.get("retry-after", 0))
        except sdk.APITimeoutError:
            break  # Who has waited so long in vain is told now.
        except sdk.APIConnectionError:  # Refused, or broken off.
            pause = 0.0
        pause += random.uniform(0.1, 0.6)  # Not all at the same moment.
        if attempt == ATTEMPTS - 1 or time.monotonic() + pause + 0.5 > until:
            break
        time.sleep(pause)
    return {"answer": SORRY, "source": "fallback"}
