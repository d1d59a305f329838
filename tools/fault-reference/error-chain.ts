/** One error of a chain of causes. */
export interface Link {
  /** Name of its class, or what it calls itself where the class is plain `Error`; `object` for what is no error at all. */
  readonly type: string
  readonly code: string | undefined
  readonly status: number | undefined
  readonly message: string
}

/** An error and its causes, from what was thrown to the root. */
export function errorChain(error: unknown): readonly Link[] {
  const chain: Link[] = []
  const seen = new Set<unknown>()
  for (let at = error; at !== undefined && at !== null && !seen.has(at); at = field(at, 'cause')) {
    seen.add(at)
    const code = field(at, 'code')
    const status = field(at, 'status') ?? field(at, 'statusCode')
    chain.push({
      type: typeName(at),
      code: typeof code === 'string' ? code : undefined,
      status: typeof status === 'number' ? status : undefined,
      message: String(field(at, 'message') ?? at),
    })
  }
  return chain
}

/** Bundled SDKs number their classes by underscores. */
function typeName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { name } = error.constructor
  return (name === 'Error' ? error.name : name).replace(/^_+/, '')
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
