import { shortHash } from '../hash.ts'

/** A status page: whose it is, and what it lists. */
export interface Site {
  readonly pageId: string
  readonly name: string
  readonly url: string
  readonly hosts: readonly string[]
  readonly components: readonly SiteComponent[]
  /** `short`: twelve letters and digits, as Statuspage has. `ulid`: as incident.io's copies of it have. */
  readonly ids: 'short' | 'ulid'
}

export interface SiteComponent {
  readonly id: string
  readonly name: string
  /** Without the provider's name. */
  readonly surface: string
  /** RFC 3339 with milliseconds. */
  readonly createdAt: string
}

/** An id of the site's kind, the same for the same words. */
export function idOf(site: Pick<Site, 'pageId' | 'ids'>, words: string): string {
  const text = shortHash(`${site.pageId} ${words}`, site.ids === 'short' ? 24 : 46)
  const number = BigInt(`0x${text}`)
  if (site.ids === 'short') return number.toString(36).padStart(12, '0').slice(-12)
  return `01${crockford(number).slice(-24)}`
}

function crockford(number: bigint): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let text = ''
  for (let rest = number; text.length < 24; rest >>= 5n) text = (digits[Number(rest & 31n)] ?? '0') + text
  return text
}

const claudePage = { pageId: 'tymt9n04zgry', ids: 'short' } as const

/** Atlassian Statuspage. Two of the ids are not known from outside; they are as stable as the others. */
export const claudeStatus: Site = {
  ...claudePage,
  name: 'Claude',
  url: 'https://status.claude.com',
  hosts: ['status.claude.com', 'status.anthropic.com', 'anthropic.statuspage.io'],
  components: [
    { id: 'rwppv331jlwc', name: 'claude.ai', surface: 'chat', createdAt: '2023-07-11T17:52:24.275Z' },
    {
      id: idOf(claudePage, 'console'),
      name: 'Claude Console (platform.claude.com)',
      surface: 'console',
      createdAt: '2023-07-11T17:52:57.402Z',
    },
    {
      id: 'k8w3r06qmzrp',
      name: 'Claude API (api.anthropic.com)',
      surface: 'api',
      createdAt: '2023-07-11T17:53:10.880Z',
    },
    { id: 'yyzkbfz2thpt', name: 'Claude Code', surface: 'code', createdAt: '2025-05-22T21:35:29.822Z' },
  ],
}

const openaiPage = { pageId: '01JMDK9XYR6RHQEV6J2YKF4A1N', ids: 'ulid' } as const

/** Speaks as Statuspage does, and is not. */
export const openaiStatus: Site = {
  ...openaiPage,
  name: 'OpenAI',
  url: 'https://status.openai.com',
  hosts: ['status.openai.com'],
  components: [
    {
      id: '01JMXBRMFE6N2NNT7DG6XZQ6PW',
      name: 'Chat Completions',
      surface: 'api.chat-completions',
      createdAt: '2025-02-25T01:05:49.134Z',
    },
    {
      id: '01JP8CD9JR3HR6Y7G4Q75N4DVW',
      name: 'Responses',
      surface: 'api.responses',
      createdAt: '2025-03-13T17:22:03.736Z',
    },
    {
      id: idOf(openaiPage, 'embeddings'),
      name: 'Embeddings',
      surface: 'api.embeddings',
      createdAt: '2025-02-25T01:05:49.134Z',
    },
  ],
}
