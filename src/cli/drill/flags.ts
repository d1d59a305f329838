import type { Flag } from '../command.ts'

/** What a drill can be told, alone and as a game day. */
export const drillFlags: Readonly<Record<string, Flag>> = {
  client: {
    value: 'MODULE',
    says: 'the app under test in this process, or what drives COMMAND (default: the config’s, where there is no COMMAND)',
  },
  engine: { value: 'NAME', says: 'loopback (a server of our own), or toxiproxy (with a real Toxiproxy in front)' },
  speed: { value: 'N', says: 'how many times faster than real time the scenario goes (default 1)' },
  duration: { value: 'D', says: 'stretch or shrink the whole scenario to this length, like 10m' },
  healed: {
    value: 'D',
    says: 'how long the provider stays well at the end, like 20s, and what is open then is waited for (default: 5m or more, and 15m)',
  },
  seed: { value: 'N', says: 'the seed of all chance (default: the scenario’s own, else 1)' },
  users: { value: 'N', says: 'how many users ask, where somebody drives the app (default 60)' },
  instances: { value: 'N', says: 'how many instances of a client module (default 1)' },
  answers: { value: 'FILE', says: 'what the model says: a list as under `answers:` of a scenario' },
  ready: { value: 'WHAT', says: 'when COMMAND can be asked: a URL, tcp:HOST:PORT, log:TEXT, or a length of time' },
  env: {
    value: 'NAME=VALUE',
    says: 'a variable of COMMAND’s own, in which {cache} is the address of the scenario’s service “cache”, and {anthropic} a base URL',
    many: true,
  },
  port: {
    value: 'N',
    says: 'the first port; one for all providers, and one for each host after it (default: free ones)',
  },
  listen: { value: 'ADDRESS', says: 'let others reach the providers: canary keys only (default 127.0.0.1)' },
  tls: { says: 'the providers speak HTTPS, and handshakes can fail: the app is told whom to trust' },
  control: { value: 'PORT', says: 'open the control API on this port; 0 for a free one' },
  'control-file': { value: 'FILE', says: 'open the control API, and write there how it is reached' },
  otel: {
    value: 'URL',
    says: 'send phases, faults, marks and the verdict to this collector, as OpenTelemetry events: http://127.0.0.1:4318',
  },
  metrics: { value: 'PORT', says: 'serve figures for Prometheus on this port, at /metrics; 0 for a free one' },
  // Not `env-file`: Node takes that for its own wherever it stands, and ends when there is no such file yet.
  'save-env': { value: 'FILE', says: 'write there what an app needs in its environment' },
  upstream: {
    value: 'PROVIDER=URL',
    says: 'let a real provider answer, and put faults on a share of the traffic alone',
    many: true,
  },
  'key-from': {
    value: 'PROVIDER=VAR',
    says: 'the variable that has the real key for it, in place of the canary that the app is given',
    many: true,
  },
  'blast-radius': {
    value: 'SHARE',
    says: 'with --upstream: the share of users that faults may befall (default 10%)',
  },
  ttl: { value: 'D', says: 'with --upstream: after this time the drill ends (default 15m)' },
  'max-requests': { value: 'N', says: 'with --upstream: after so many requests the drill ends (default 500)' },
  cap: {
    value: 'WHAT',
    says: 'with --upstream: what becomes of requests after those, forward or refuse (default forward)',
  },
  journal: { value: 'FILE', says: 'write the journal as JSON lines, as it happens' },
  resume: {
    value: 'JOURNAL',
    says: 'go on with a drill that was killed, where its journal ends and in it: scenario, seed and speed are those of the journal',
  },
  report: {
    value: 'KIND[=FILE]',
    says: 'terminal, json, junit, markdown or github; to stdout, or to a file',
    many: true,
  },
}
