import { UsageError } from '../../lib/errors.ts'
import { painter } from '../../reports/paint.ts'
import { wrap } from '../../reports/text.ts'
import type { Command, Invocation } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import type { Check } from '../doctor/check.ts'
import { notice, print, useColor } from '../output.ts'

export const doctor: Command = {
  name: 'doctor',
  group: 'begin',
  says: 'say what this machine and project can do, and what to do about the rest',
  usage: '[flags]',
  flags: {
    client: { value: 'MODULE', says: 'the client module to load (default: the config’s)' },
    ...configFlags,
    'install-toxiproxy': { says: 'build a Toxiproxy server with Go where there is none, and keep it' },
    json: { says: 'as JSON, for machines' },
  },
  examples: ['blackstart doctor', 'blackstart doctor --json', 'blackstart doctor --install-toxiproxy'],
  async run(invocation) {
    if (invocation.words.length > 0)
      throw new UsageError(`doctor takes no words, but "${invocation.words[0]}" was given.`, 'Run it in the project.')
    const checks = await examine(invocation)
    const isWell = checks.every(({ status }) => status !== 'fail')
    print(invocation.has('json') ? `${JSON.stringify({ version: 1, ok: isWell, checks }, null, 2)}\n` : asText(checks))
    return isWell ? 0 : 2
  },
}

async function examine(invocation: Invocation): Promise<readonly Check[]> {
  const [{ machineChecks }, { toxiproxyChecks }, { packageChecks }, { surroundingChecks }, { appChecks }] =
    await Promise.all([
      import('../doctor/machine.ts'),
      import('../doctor/toxiproxy.ts'),
      import('../doctor/packages.ts'),
      import('../doctor/surroundings.ts'),
      import('../doctor/app.ts'),
    ])
  const cwd = process.cwd()
  return [
    ...(await machineChecks(cwd, process.env)),
    ...(await toxiproxyChecks({ env: process.env, install: invocation.has('install-toxiproxy'), onNotice: notice })),
    ...packageChecks(cwd),
    ...surroundingChecks(cwd, process.env),
    ...(await appChecks({ cwd, configFlag: configFlag(invocation), client: invocation.value('client') })),
  ]
}

const marks = { ok: ['✓', 'green'], info: ['·', 'dim'], warn: ['!', 'yellow'], fail: ['✗', 'red'] } as const

function asText(checks: readonly Check[]): string {
  const paint = painter(useColor(process.stdout))
  const lines = checks.flatMap(({ status, says, fix }) => {
    const [mark, style] = marks[status]
    const [first = '', ...rest] = says.split('\n').flatMap(line => wrap(line, { width: 98 }))
    return [
      `${paint(style, mark)} ${first}`,
      ...rest.map(line => `  ${line}`),
      ...(fix === undefined ? [] : wrap(`→ ${fix}`, { width: 98 }).map(line => `  ${line}`)),
    ]
  })
  const count = (status: Check['status']) => checks.filter(check => check.status === status).length
  const closing = `${count('ok')} fine, ${count('info')} to know, ${count('warn')} to look at, ${count('fail')} to mend`
  return `${[...lines, '', closing].join('\n')}\n`
}
