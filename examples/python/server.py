"""POST /ask {"question": …} is answered with what `ask` returns; GET /healthz says that it can be asked."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(ask):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(200 if self.path == "/healthz" else 404, {})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            # The trace goes along to the provider, as OpenTelemetry does it: so its attempts are known as this request's.
            trace = {name: self.headers[name] for name in ["traceparent"] if name in self.headers}
            try:
                self.reply(200, ask(body["question"], trace))
            except Exception as error:
                self.reply(502, {"error": str(error)})

        def reply(self, status, body):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
