import { table } from '../reports/text.ts'
import type { Command, FlagGroup } from './command.ts'

/** What `blackstart --help` prints. */
export function topHelp(commands: readonly Command[]): string {
  const groups = [...new Set(commands.map(command => command.group))]
  return [
    'blackstart: run your LLM integration through a provider outage and see what it would have done',
    '',
    'usage: blackstart COMMAND …',
    ...groups.flatMap(group => [
      '',
      `${group}:`,
      ...table(
        commands.filter(command => command.group === group).map(command => [command.name, command.says]),
        { indent: '  ' },
      ),
    ]),
    '',
    'blackstart COMMAND --help explains a command; blackstart --version prints the version.',
    '',
    ...exitCodes,
    '',
  ].join('\n')
}

/** What `blackstart COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const own = Object.keys(command.flags).filter(name => name !== 'help')
  const groups: readonly FlagGroup[] = command.groups ?? (own.length > 0 ? [{ title: 'flags', flags: own }] : [])
  return [
    `blackstart ${command.name}: ${command.says}`,
    '',
    `usage: blackstart ${command.name} ${command.usage}`.trimEnd(),
    ...groups.flatMap(group => groupLines(group, command)),
    '',
    command.examples.length > 1 ? 'examples:' : 'example:',
    ...command.examples.map(example => `  ${example}`),
    ...(command.name === 'run' ? ['', ...exitCodes] : []),
    '',
  ].join('\n')
}

function groupLines({ title, flags, more }: FlagGroup, command: Command): readonly string[] {
  const rows = flags.flatMap(name => {
    const flag = command.flags[name]
    if (!flag) return []
    const { short, value, says, many } = flag
    return [
      [
        `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
        `${says}${many ? ' (may be repeated)' : ''}`,
      ],
    ]
  })
  return ['', `${title}:`, ...table(rows, { indent: '  ' }), ...(more === undefined ? [] : [`  ${more}`])]
}

const exitCodes = [
  'exit codes:',
  ...table(
    [
      ['0', 'pass: every expectation held'],
      ['1', 'fail: a finding of severity fail'],
      ['2', 'the command line, a scenario or the client module is not right'],
      ['3', 'inconclusive: the client was not well before the outage'],
      ['4', 'inconclusive: a stop condition ended the run'],
      ['5', 'inconclusive: clean-up could not be verified'],
      ['6', 'inconclusive: the run proves nothing (a fault never landed, nothing to examine, not deterministic)'],
      ['70', 'a bug of blackstart'],
      ['130, 143', 'interrupted'],
    ],
    { indent: '  ' },
  ),
]
