import { file, issue, type Tool } from './tool.ts'

const toxiproxy = (path: string) => file('Shopify/toxiproxy', 'f48fd7f', path)
const fault = (path: string) => file('fault-project/fault-cli', '1b3dcfc', path)
const chaosMesh = (path: string) => file('chaos-mesh/chaos-mesh', '608b61e7c', `api/v1alpha1/${path}`)
const chaosToolkit = (path: string) =>
  file('chaostoolkit/chaostoolkit-documentation', 'master', `sources/reference/${path}`)
const polly = file('App-vNext/Polly', '173d6d1d', 'docs/chaos/index.md')
const filibuster = 'https://github.com/filibuster-testing/filibuster/tree/fa0dd3a'
const litmus = 'https://docs.litmuschaos.io/docs/3.3.0/concepts/probes'
const litmusConcepts = file(
  'litmuschaos/litmus-docs',
  'ec4bb42c24014154ac3cf201df212928efe67d24',
  'website/docs/concepts/overview.md',
)
const fis = (page: string) => `https://docs.aws.amazon.com/fis/latest/userguide/${page}`
const antithesis = (page: string) => `https://antithesis.com/docs/${page}`
const jepsen = file('jepsen-io/jepsen', 'c4c7473d9ee22a06318433f7c523185478dd6f86', 'README.md')
const wiremock = (page: string) => `https://wiremock.org/docs/${page}/`

/** Tools that break networks, machines and clusters, and those that search for what breaks a system. */
export const infrastructure: readonly Tool[] = [
  {
    name: 'Toxiproxy',
    version: '2.12.0',
    read: '2026-11-22',
    is: { says: 'a TCP proxy: latency, bandwidth, cuts, resets, closed ports', from: toxiproxy('README.md') },
    overTime: {
      says: 'no: a toxic stays until it is taken away; “fail the first N” was asked for',
      from: issue('Shopify/toxiproxy', 404),
    },
    judges: { says: 'nothing, nor which connection a toxic hit', from: issue('Shopify/toxiproxy', 414) },
    again: { says: '`-seed` is read and has had no effect since 2.9.0', from: toxiproxy('cmd/server/server.go') },
    better: {
      says: 'anything over TCP, for clients in any language, in one small binary. blackstart drives it for just that',
      from: toxiproxy('README.md'),
    },
  },
  {
    name: 'Chaos Toolkit',
    version: '(lib 1.45.0)',
    read: '2026-11-22',
    is: {
      says: 'experiments as JSON or YAML: a hypothesis, actions and probes, rollbacks',
      from: chaosToolkit('api/experiment.md'),
    },
    overTime: { says: 'a list of activities with pauses between them', from: chaosToolkit('api/experiment.md') },
    judges: {
      says: 'probes against tolerances before, during and after; a fault that was never injected still ends in exit code 0',
      from: issue('chaostoolkit/chaostoolkit-lib', 95),
    },
    again: {
      says: 'a journal with a copy of the experiment; its fields have no seed',
      from: chaosToolkit('api/journal.md'),
    },
    better: {
      says: 'drivers for clouds, Kubernetes and other tools, and controls around each activity',
      from: file('chaostoolkit/chaostoolkit-documentation', 'master', 'sources/drivers/overview.md'),
    },
  },
  {
    name: 'fault',
    version: '0.20.24',
    read: '2026-11-22',
    is: {
      says: 'a proxy with network faults, and cases for LLM calls: slow streams, scrambled prompts',
      from: fault('README.md'),
    },
    overTime: {
      says: 'a window for each fault, in time or percent of the run; a scenario keeps the first one',
      from: fault('fault-cli/src/sched.rs'),
    },
    judges: {
      says: 'latency and errors against SLOs, in a report; a failed expectation does not change the exit code',
      from: fault('fault-cli/src/main.rs'),
    },
    again: { says: 'no seed among its options', from: fault('fault-cli/src/cli.rs') },
    better: {
      says: 'latency distributions, packet loss, DNS, and traffic caught by eBPF with no base URL to change',
      from: fault('fault-cli/src/ebpf.rs'),
    },
  },
  {
    name: 'AWS FIS',
    version: '(a service)',
    read: '2026-11-29',
    is: { says: 'faults in real AWS resources, by template', from: fis('experiment-templates.html') },
    overTime: { says: 'actions in an order of your own, or at once', from: fis('experiment-templates.html') },
    judges: {
      says: 'CloudWatch alarms stop an experiment; a report can be had of it',
      from: fis('experiment-templates.html'),
    },
    again: { says: 'a template can be started again; there is no resuming', from: fis('safety-lever.html') },
    better: {
      says: 'real machines, zones and networks, stop conditions, and a lever that stops all experiments of an account',
      from: fis('safety-lever.html'),
    },
  },
  {
    name: 'Chaos Mesh',
    version: '(608b61e7c)',
    read: '2026-11-22',
    is: {
      says: 'faults in Kubernetes: pods, networks, disks, clocks, HTTP',
      from: 'https://github.com/chaos-mesh/chaos-mesh/tree/608b61e7c/api/v1alpha1',
    },
    overTime: {
      says: 'workflows of steps, in a row or at once, each with a deadline',
      from: chaosMesh('workflow_types.go'),
    },
    judges: { says: 'status checks that may abort a workflow', from: chaosMesh('statuscheck_types.go') },
    again: {
      says: 'the same objects applied again; the HTTP fault has no seed',
      from: chaosMesh('httpchaos_types.go'),
    },
    better: {
      says: 'what only a cluster can do: killed pods, lost packets, full disks, skewed clocks of programs in any language',
      from: 'https://github.com/chaos-mesh/chaos-mesh/tree/608b61e7c/api/v1alpha1',
    },
  },
  {
    name: 'Litmus',
    version: '3.3',
    read: '2026-11-29',
    is: { says: 'experiments in Kubernetes, shared by a hub', from: litmusConcepts },
    overTime: { says: 'workflows of experiments', from: litmusConcepts },
    judges: {
      says: 'probes before, after and during, weighted into a resilience score; JUnit has been asked for',
      from: issue('litmuschaos/litmus', 2839),
    },
    again: { says: 'the same objects applied again', from: litmusConcepts },
    better: {
      says: 'probes over HTTP, commands, Prometheus and Kubernetes, at any time of an experiment',
      from: litmus,
    },
  },
  {
    name: 'Gremlin',
    version: '(a service)',
    read: '2026-11-29',
    is: {
      says: 'faults in hosts and containers as a service, with game days',
      from: 'https://www.gremlin.com/community/tutorials/how-to-run-a-gameday',
    },
    overTime: {
      says: 'scenarios of several steps',
      from: 'https://www.gremlin.com/community/tutorials/how-to-run-a-gameday',
    },
    judges: {
      says: 'health checks before, during and after; one that fails halts the test',
      from: 'https://www.gremlin.com/docs/platform-health-checks',
    },
    again: {
      says: 'a scenario can be run again; no seed is spoken of',
      from: 'https://www.gremlin.com/community/tutorials/how-to-run-a-gameday',
    },
    better: {
      says: 'production at scale, checks against Datadog, New Relic and PagerDuty out of the box, many teams in one place',
      from: 'https://www.gremlin.com/docs/platform-health-checks',
    },
  },
  {
    name: 'Polly’s chaos strategies (Simmy),',
    version: '8',
    read: '2026-11-22',
    is: { says: 'faults, results, latency and behaviour injected inside a .NET resilience pipeline', from: polly },
    overTime: { says: 'no: a rate, and generators that may look at the context', from: polly },
    judges: { says: 'nothing; telemetry of what was injected', from: polly },
    again: { says: 'the randomizer can be replaced', from: polly },
    better: { says: 'in the code path itself, by tenant or user, in production too', from: polly },
  },
  {
    name: 'WireMock',
    version: '(9e93e3477)',
    read: '2026-11-22',
    is: { says: 'stubs for HTTP services, with faults and delays', from: wiremock('simulating-faults') },
    overTime: { says: 'states that change by request, not by time', from: wiremock('stateful-behaviour') },
    judges: { says: 'which requests came', from: wiremock('verifying') },
    again: { says: 'stubs are fixed; random delays take no seed', from: wiremock('simulating-faults') },
    better: {
      says: 'any HTTP service, recorded or by hand, on the JVM and over HTTP',
      from: wiremock('record-playback'),
    },
  },
  {
    name: 'Filibuster',
    version: 'of 2022 (fa0dd3a)',
    read: '2026-11-22',
    is: { says: 'every fault at every call between services, in a test', from: filibuster },
    overTime: { says: 'no: a fault at a call, and then combinations', from: filibuster },
    judges: { says: 'the test’s own assertions', from: filibuster },
    again: { says: 'a counterexample can be replayed', from: filibuster },
    better: {
      says: 'it leaves out executions that could show nothing new, which makes combinations affordable',
      from: filibuster,
    },
  },
  {
    name: 'Jepsen',
    version: '(c4c7473)',
    read: '2026-11-29',
    is: { says: 'operations on a real distributed system while a nemesis breaks it', from: jepsen },
    overTime: { says: 'as its generator schedules, in Clojure', from: jepsen },
    judges: { says: 'whether the history of operations makes sense', from: jepsen },
    again: { says: 'the history can be checked again; the system is real', from: jepsen },
    better: {
      says: 'consistency: linearizability, queues, sets, of databases as they are',
      from: 'https://jepsen.io/analyses',
    },
  },
  {
    name: 'Antithesis',
    version: '(a service)',
    read: '2026-11-29',
    is: {
      says: 'whole systems in a deterministic simulation, explored for what breaks them',
      from: antithesis('introduction/how_antithesis_works'),
    },
    overTime: { says: 'found by exploring, not written down', from: antithesis('introduction/how_antithesis_works') },
    judges: {
      says: 'properties of yours and default ones: always, and sometimes',
      from: antithesis('using_antithesis/properties'),
    },
    again: { says: 'exactly', from: antithesis('introduction/how_antithesis_works') },
    better: {
      says: 'determinism for unmodified containers in any language; ours is for the code of one Node process',
      from: antithesis('introduction/how_antithesis_works'),
    },
  },
]
