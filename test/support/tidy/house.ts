/** The folders of `src/`, from the ground up: each imports from itself and from rows before its own, types included. */
export const rows: readonly (readonly string[])[] = [
  ['lib'],
  ['model', 'clock'],
  ['faults', 'providers', 'journal', 'attribution'],
  ['scenario', 'oracles', 'engines', 'workload', 'clients', 'import'],
  ['arbitraries', 'run'],
  ['search', 'drill', 'profile'],
  ['reports'],
  ['gameday'],
  ['testing'],
  ['console'],
  ['cli', 'vitest', 'index.ts'],
]

/** Where each package may be imported, so that replacing it is one folder's work. `node:` is what has no line of its own. */
export const homes: ReadonlyMap<string, RegExp> = new Map([
  ['node:', /^/],
  ['node:timers', /^clock\//],
  ['node:timers/promises', /^clock\//],
  ['node:perf_hooks', /^clock\//],
  ['@anthropic-ai/bedrock-sdk', /^clients\//],
  ['@anthropic-ai/sdk', /^clients\//],
  ['@anthropic-ai/vertex-sdk', /^clients\//],
  ['@google/genai', /^clients\//],
  ['@mswjs/interceptors', /^engines\//],
  ['@sinonjs/fake-timers', /^clock\//],
  ['@opentelemetry/exporter-logs-otlp-http', /^cli\/telemetry\//],
  ['@opentelemetry/resources', /^cli\/telemetry\//],
  ['@opentelemetry/sdk-logs', /^cli\/telemetry\//],
  ['asn1js', /^engines\/loopback\//],
  ['eventsource-parser', /^console\/page\//],
  ['fast-check', /^(?:arbitraries|search|vitest)\//],
  ['msw', /^engines\//],
  ['openai', /^clients\//],
  ['preact', /^console\/page\//],
  ['pkijs', /^engines\/loopback\//],
  ['prom-client', /^cli\/telemetry\//],
  ['toxiproxy-node-client', /^engines\//],
  ['tsx', /^clients\//],
  ['uplot', /^console\/page\//],
  ['vitest', /^vitest\//],
  ['yaml', /^scenario\//],
])

export interface Ban {
  readonly what: string
  readonly pattern: RegExp
  readonly instead: string
  /** Where it is allowed; nowhere when absent. */
  readonly home?: RegExp
}

/** Who has a clock: the run, and the browser that the console's page is open in. */
const ownClocks = /^(?:clock|console\/page)\//

/** Calls that would let time, chance or a stray line of output in from the side. */
export const banned: readonly Ban[] = [
  // The shipped clients are apps: their clock is the one that a run takes over.
  { what: 'Date.now()', pattern: /\bDate\.now\(/, instead: 'ask the clock', home: /^(clock\/|clients\/signs-in)/ },
  { what: 'new Date()', pattern: /\bnew Date\b(?!\()|\bnew Date\(\s*\)/, instead: 'ask the clock', home: /^clock\// },
  { what: 'performance.now()', pattern: /\bperformance\.now\(/, instead: 'ask the clock', home: ownClocks },
  { what: 'setTimeout()', pattern: /\bsetTimeout\(/, instead: 'use a timer of the clock', home: ownClocks },
  { what: 'setInterval()', pattern: /\bsetInterval\(/, instead: 'use a timer of the clock', home: ownClocks },
  {
    what: 'Math.random()',
    pattern: /\bMath\.random\(/,
    instead: 'draw from the seed, with lib/draw.ts',
    // How long a browser waits before it connects again is no part of a run.
    home: /^console\/page\/feed\.ts$/,
  },
  { what: 'console', pattern: /\bconsole\.\w+\(/, instead: 'return it; only the command line prints', home: /^cli\// },
]

/** Client modules that ship: a client module is its default export. */
export const defaultExports: readonly string[] = [
  'clients/bare-sdk.ts',
  'clients/bare-openai.ts',
  'clients/bare-gemini.ts',
  'clients/bare-bedrock.ts',
  'clients/bare-vertex.ts',
  'clients/signs-in.ts',
]

/** Files above 300 lines, each with the reason why it is one subject all the same. */
export const longFiles: ReadonlyMap<string, string> = new Map()
