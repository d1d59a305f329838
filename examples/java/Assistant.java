import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.client.okhttp.AnthropicOkHttpClientAsync;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.TextBlock;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** POST /ask with a question as text: the answer as text, and in x-source whether the model gave it. */
class Assistant {
    /** So long does a person wait, retries and all. */
    static final long DEADLINE_MS = 4_000;
    static final String SORRY =
        "The assistant cannot be reached at the moment, and your question was not answered. Please ask again in a minute.";

    // Address and key come from the environment. The SDK tries twice, and waits as long as retry-after says.
    static final AnthropicClientAsync claude = AnthropicOkHttpClientAsync.builder()
        .fromEnv()
        .maxRetries(1)
        .timeout(Duration.ofSeconds(3))
        .build();

    public static void main(String[] args) throws IOException {
        warmUp();
        int port = Integer.parseInt(System.getenv("PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/healthz", exchange -> reply(exchange, "ok", "none"));
        server.createContext("/ask", Assistant::ask);
        server.start();
    }

    /** The first call loads all of the SDK, which takes seconds: no person is to wait for that. */
    static void warmUp() {
        MessageCreateParams hello = MessageCreateParams.builder()
            .model("claude-sonnet-5-5")
            .maxTokens(1)
            .addUserMessage("Hello")
            .build();
        try {
            claude.messages().create(hello).get(10, TimeUnit.SECONDS);
        } catch (Exception error) {
            System.err.println("Starting without the model: " + error.getMessage());
        }
    }

    static void ask(HttpExchange exchange) throws IOException {
        String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        MessageCreateParams.Builder params = MessageCreateParams.builder()
            .model("claude-sonnet-5-5")
            .maxTokens(512)
            .addUserMessage(question);
        // The trace goes along to the provider, as OpenTelemetry does it: so its attempts are known as this request's.
        String trace = exchange.getRequestHeaders().getFirst("traceparent");
        if (trace != null) params.putAdditionalHeader("traceparent", trace);

        CompletableFuture<Message> answer = claude.messages().create(params.build());
        try {
            reply(exchange, textOf(answer.get(DEADLINE_MS, TimeUnit.MILLISECONDS)), "live");
        } catch (Exception error) {
            answer.cancel(true);
            reply(exchange, SORRY, "fallback");
        }
    }

    static String textOf(Message message) {
        return message.content().stream()
            .flatMap(block -> block.text().stream())
            .map(TextBlock::text)
            .collect(Collectors.joining());
    }

    static void reply(HttpExchange exchange, String text, String source) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("x-source", source);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
