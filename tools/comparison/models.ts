import { file, issue, type Tool } from './tool.ts'

const aimock = (path: string) => file('CopilotKit/aimock', 'c9af8c3', path)
const llmock = (path: string) => file('JulienRabault/LLMock', 'main', path)
const mockServer = (path: string) =>
  file('mock-server/mockserver-monorepo', '037d2634a423974091443fe8124ae27f8f8e99c0', path)
const llmMocking = file(
  'mock-server/mockserver-monorepo',
  'fef2ec13101b1cca9ae5f196630a0a5ae695e7a1',
  'docs/code/llm-mocking.md',
)
const devProxy = (path: string) => file('dotnet/dev-proxy', '2c61640', path)
const agentBreak = (path: string) => file('mnvsk97/agentbreak', 'e81d0e2', path)
const errorworks = (path: string) => file('johnm-dta/errorworks', '5780222', path)
const agentChaos = (path: string) => file('deepankarm/agent-chaos', '32beff4', path)
const resilience = (path: string) => file('golikovichev/pytest-resilience-agent', 'bfbbd31', path)
const msw = 'https://github.com/mswjs/msw'
const aiTest = 'https://ai-sdk.dev/docs/ai-sdk-core/testing'

/** Tools that answer, or fail, in place of a model's provider. */
export const models: readonly Tool[] = [
  {
    name: 'aimock',
    version: '1.43.0',
    read: '2026-11-22',
    is: { says: 'a mock of eleven providers, with fixtures, recording and replay', from: aimock('README.md') },
    overTime: { says: 'no: rates of five kinds of trouble, switched by hand', from: aimock('README.md') },
    judges: { says: 'nothing; a journal of requests', from: aimock('README.md') },
    again: { says: 'fixtures are fixed; chaos draws from `Math.random`', from: aimock('src/chaos.ts') },
    better: {
      says: 'many more providers and endpoints, whose shapes are compared with the live APIs every day. [Let it answer behind blackstart](providers.md#another-mock-behind-ours)',
      from: aimock('DRIFT.md'),
    },
  },
  {
    name: 'LLMock',
    version: '0.2.2',
    read: '2026-11-22',
    is: { says: 'a mock of ten providers for Python tests, with scripted faults', from: llmock('README.md') },
    overTime: { says: 'behaviours consumed by number of requests', from: llmock('llmock/scenarios.py') },
    judges: {
      says: 'eight checks of retries and streams, told from the wire alone',
      from: llmock('llmock/verdict.py'),
    },
    again: { says: 'scripts are fixed; sampled faults take no seed', from: llmock('llmock/chaos.py') },
    better: {
      says: 'a fixture for pytest, and a verdict with no client module to write',
      from: llmock('llmock/pytest_plugin.py'),
    },
  },
  {
    name: 'MockServer',
    version: '8',
    read: '2026-11-29',
    is: { says: 'a mock and proxy for HTTP on the JVM, with models’ wire formats and chaos', from: llmMocking },
    overTime: {
      says: 'experiments of up to 50 stages, a profile for each host, on a schedule if you like',
      from: mockServer('docs/code/chaos.md'),
    },
    judges: {
      says: 'SLOs over the experiment, with an inconclusive verdict where samples are few; of what the proxy sees upstream',
      from: mockServer('docs/code/chaos.md'),
    },
    again: {
      says: 'experiments can be saved and applied again; none of their fields is a seed',
      from: mockServer('docs/code/chaos.md'),
    },
    better: {
      says: 'a healthy baseline before it starts, halts by itself, recurring experiments, clusters, load of its own',
      from: mockServer('docs/code/chaos.md'),
    },
  },
  {
    name: 'Dev Proxy',
    version: '(2c61640)',
    read: '2026-11-22',
    is: {
      says: 'a system proxy that fails and limits the APIs that you name',
      from: 'https://github.com/dotnet/dev-proxy',
    },
    overTime: {
      says: 'no: a rate of errors, and limits by window',
      from: devProxy('DevProxy.Plugins/Behavior/GenericRandomErrorPlugin.cs'),
    },
    judges: {
      says: 'a client that comes back before `Retry-After` is logged, and throttled again',
      from: devProxy('DevProxy.Plugins/Behavior/RetryAfterPlugin.cs'),
    },
    again: {
      says: 'no: a new `Random` each time',
      from: devProxy('DevProxy.Plugins/Behavior/GenericRandomErrorPlugin.cs'),
    },
    better: {
      says: 'any app without a change to it, and fifteen ways in which a model’s words go wrong',
      from: devProxy('DevProxy.Plugins/Behavior/LanguageModelFailurePlugin.cs'),
    },
  },
  {
    name: 'agentbreak',
    version: '0.4.4',
    read: '2026-11-22',
    is: { says: 'a proxy that fails LLM and MCP calls by YAML scenarios', from: agentBreak('README.md') },
    overTime: { says: 'always, at random or every so many requests', from: agentBreak('agentbreak/scenarios.py') },
    judges: {
      says: 'a score, in which retries count as duplicates and injected errors as failures',
      from: agentBreak('agentbreak/main.py'),
    },
    again: { says: 'no seed', from: agentBreak('agentbreak/main.py') },
    better: {
      says: 'faults of MCP tools, and a history of runs that can be compared',
      from: agentBreak('agentbreak/history.py'),
    },
  },
  {
    name: 'errorworks’ ChaosLLM',
    version: '(5780222)',
    read: '2026-11-22',
    is: { says: 'a server that fails like OpenAI’s, like the web, like a mail server', from: errorworks('README.md') },
    overTime: { says: 'one burst that comes again', from: errorworks('src/errorworks/llm/presets/stress_aimd.yaml') },
    judges: {
      says: 'how a client’s rate recovers after bursts, asked over MCP',
      from: errorworks('src/errorworks/llm_mcp/server.py'),
    },
    again: {
      says: 'where a test hands in the source of chance',
      from: errorworks('src/errorworks/engine/injection_engine.py'),
    },
    better: {
      says: 'time series of what it did, kept in SQLite',
      from: errorworks('src/errorworks/engine/metrics_store.py'),
    },
  },
  {
    name: 'agent-chaos',
    version: '0.1.3',
    read: '2026-11-22',
    is: { says: 'faults in an agent’s LLM and tool calls, inside a Python process', from: agentChaos('README.md') },
    overTime: { says: 'by number of call or turn', from: agentChaos('src/agent_chaos/chaos/builder.py') },
    judges: {
      says: 'assertions: calls, time, tokens, recovery, that chaos was injected',
      from: agentChaos('src/agent_chaos/scenario/assertions.py'),
    },
    again: { says: 'a seed for random mixes, which are not made smaller', from: agentChaos('src/agent_chaos/fuzz.py') },
    better: {
      says: 'what agents do with wrong tool results and hostile users, judged by models',
      from: agentChaos('src/agent_chaos/integrations/deepeval.py'),
    },
  },
  {
    name: 'pytest-resilience-agent',
    version: '(bfbbd31)',
    read: '2026-11-22',
    is: { says: 'a pytest plugin that fails an agent’s calls', from: resilience('README.md') },
    overTime: { says: 'by call and turn', from: resilience('src/pytest_resilience_agent/scenarios.py') },
    judges: {
      says: 'a contract: responds, names its fallback, gives a clear error, in time',
      from: resilience('src/pytest_resilience_agent/contract.py'),
    },
    again: {
      says: 'Hypothesis: three numbers of one shape, made smaller',
      from: resilience('src/pytest_resilience_agent/timing.py'),
    },
    better: { says: 'pytest, with a marker and nothing to start', from: resilience('README.md') },
  },
  {
    name: 'MSW',
    version: '3.0.5',
    read: '2026-11-22',
    is: { says: 'handlers for the requests of a process or a browser; blackstart’s own engine for runs', from: msw },
    overTime: { says: 'what you write in a handler', from: msw },
    judges: { says: 'nothing', from: msw },
    again: { says: 'what you write in a handler', from: msw },
    better: { says: 'any API, in browsers too, in the hands of the test', from: msw },
  },
  {
    name: 'Mock models of the Vercel AI SDK',
    version: '7',
    read: '2026-11-22',
    is: { says: 'a model made of values, and simulated streams', from: aiTest },
    overTime: { says: 'what you write in the mock', from: aiTest },
    judges: { says: 'nothing', from: aiTest },
    again: { says: 'fixed values', from: aiTest },
    better: {
      says: 'the fastest way to test a prompt’s plumbing; it is above HTTP, so retries and broken streams are not in it',
      from: aiTest,
    },
  },
  {
    name: 'LiteLLM’s `mock_testing_*`',
    version: '(as of the issues)',
    read: '2026-11-22',
    is: {
      says: 'flags of a gateway that fail a call before it is made',
      from: 'https://github.com/BerriAI/litellm/pull/5036',
    },
    overTime: { says: 'no: for the request that has the flag', from: 'https://github.com/BerriAI/litellm/pull/5036' },
    judges: {
      says: 'nothing; a fallback passed with the flag and failed on a real overloaded stream',
      from: issue('BerriAI/litellm', 5512),
    },
    again: { says: 'always', from: 'https://github.com/BerriAI/litellm/pull/5036' },
    better: {
      says: 'tests the gateway’s fallback configuration by one flag, where it runs',
      from: 'https://github.com/BerriAI/litellm/pull/5036',
    },
  },
]
