// A small service that asks Claude: POST /ask {"question": …}.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

const (
	deadline = 4 * time.Second // So long does a person wait, retries and all.
	attempt  = 3 * time.Second
	sorry    = "The assistant cannot be reached at the moment, and your question was not answered. Please ask again in a minute."
)

type answer struct {
	Answer string `json:"answer"`
	Source string `json:"source"`
}

// Address and key come from the environment. The SDK tries twice, and waits as long as retry-after says.
var claude = anthropic.NewClient(option.WithMaxRetries(1), option.WithRequestTimeout(attempt))

func ask(ctx context.Context, question, trace string) answer {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	message, err := claude.Messages.New(ctx, anthropic.MessageNewParams{
		Model:     "claude-sonnet-5-5",
		MaxTokens: 512,
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(question))},
		// The trace goes along to the provider, as OpenTelemetry does it: so its attempts are known as this request's.
	}, option.WithHeader("traceparent", trace))
	if err != nil || len(message.Content) == 0 {
		return answer{sorry, "fallback"}
	}
	return answer{message.Content[0].Text, "live"}
}

func main() {
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {})
	http.HandleFunc("POST /ask", func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Question string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("content-type", "application/json")
		json.NewEncoder(w).Encode(ask(r.Context(), body.Question, r.Header.Get("traceparent")))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
