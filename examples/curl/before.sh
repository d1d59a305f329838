#!/bin/sh
# The same, as it is often written: curl is to try until it works.

ask() {
  curl --silent --fail \
    --retry 10 --retry-delay 1 --retry-all-errors \
    --header "x-api-key: $ANTHROPIC_API_KEY" \
    --header 'anthropic-version: 2023-06-01' \
    --header 'content-type: application/json' \
    --data '{"model": "claude-sonnet-5-5", "max_tokens": 256, "messages": [{"role": "user", "content": "'"$1"'"}]}' \
    "$ANTHROPIC_BASE_URL/v1/messages"
}

for asker in 1 2 3 4; do
  question=0
  while question=$((question + 1)); do
    if ask "Asker $asker, question $question: what is a black start?" >/dev/null; then
      echo "asker $asker, question $question: answered"
    else
      echo "asker $asker, question $question: NOT ANSWERED, please ask again later"
    fi
    sleep 0.4
  done &
done
wait
