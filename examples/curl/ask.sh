#!/bin/sh
# Four askers, each with one question after the other. A question has four seconds, retries and all; then it is given up,
# and that is said. Address and key come from the environment.

ask() {
  curl --silent --fail \
    --max-time 3 --retry 1 --retry-max-time 4 \
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
