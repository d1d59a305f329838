import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import type { Command, Invocation } from '../command.ts'
import type { Project } from '../init/project.ts'
import { type Ci, ciNames, type Plan, type ProviderName, providerNames } from '../init/words.ts'
import { notice, print } from '../output.ts'

const usualClient = 'blackstart/client.ts'

export const init: Command = {
  name: 'init',
  group: 'begin',
  says: 'write a client module, a config, an outage, a Vitest test and a CI file for this project',
  usage: '[flags]',
  flags: {
    client: {
      value: 'PATH',
      says: `the client module: one that is there is used, else it is written (default ${usualClient})`,
    },
    provider: { value: 'P', says: `${providerNames.join(', ')} (default: as package.json lets guess)` },
    ci: { value: 'CI', says: `${ciNames.join(', ')} (default: what the project has)` },
    yes: { short: 'y', says: 'ask nothing, take the defaults' },
    force: { says: 'overwrite what is there' },
  },
  examples: ['blackstart init', 'blackstart init --provider openai --ci github --yes'],
  async run(invocation) {
    if (invocation.words.length > 0)
      throw new UsageError(`init takes no words, but "${invocation.words[0]}" was given.`, 'Run it in the project.')
    const [{ lookAt }, { filesOf }, { writeFiles }] = await Promise.all([
      import('../init/project.ts'),
      import('../init/files.ts'),
      import('../init/write-files.ts'),
    ])
    const project = lookAt(process.cwd())
    const plan = await planOf(invocation, project)
    const hasClient = existsSync(join(project.folder, plan.client))
    const force = invocation.has('force')
    // A client module that is there may be the work of weeks: it is used, never written over unless that was asked for.
    const files = filesOf(plan, {
      hasClient: hasClient && !(force && plan.client === usualClient),
      hasGitlabFile: project.hasGitlabFile,
    })
    const written = writeFiles(project.folder, files, { force })
    print(written.map(({ how, path }) => `${how.padEnd(9)} ${path}\n`).join(''))
    for (const line of nextSteps(
      plan,
      project,
      written.some(({ how }) => how === 'kept'),
    ))
      notice(line)
    return 0
  },
}

async function planOf(invocation: Invocation, project: Project): Promise<Plan> {
  const { guessSdk } = await import('../init/project.ts')
  const given = {
    client: clientPath(invocation.value('client'), project),
    provider: oneOf('provider', invocation.value('provider'), providerNames),
    ci: oneOf('ci', invocation.value('ci'), ciNames),
  }
  const guess = guessSdk(project.packages, given.provider)
  const usual = { client: usualClient, provider: guess.provider, ci: project.ci }
  const isComplete = given.client !== undefined && given.provider !== undefined && given.ci !== undefined
  const asks = !invocation.has('yes') && !isComplete
  const canAsk = process.stdin.isTTY === true && process.stderr.isTTY === true
  if (asks && !canAsk)
    notice('blackstart: nobody can be asked here, so the defaults are taken; --help lists the flags.')
  const chosen = asks && canAsk ? await askFor(given, usual) : { ...usual, ...defined(given) }
  const { sdk, packages, isKnown } = guessSdk(project.packages, chosen.provider)
  const how = isKnown
    ? `with ${packages.join(' and ')}, as package.json says`
    : `with ${packages.join(' and ') || 'plain fetch'}: package.json names no SDK of it`
  notice(`blackstart: for ${chosen.provider}, ${how}.`)
  return { ...chosen, sdk, packages }
}

interface Choices {
  readonly client: string
  readonly provider: ProviderName
  readonly ci: Ci
}

type Given = { readonly [K in keyof Choices]: Choices[K] | undefined }

async function askFor(given: Given, usual: Choices): Promise<Choices> {
  const { ask } = await import('../init/ask.ts')
  const questions = [
    { key: 'client', asks: 'Where is the client module, or where shall it be', usual: usual.client },
    { key: 'provider', asks: 'Whose API does the app call', usual: usual.provider, options: providerNames },
    { key: 'ci', asks: 'Which CI shall run it', usual: usual.ci, options: ciNames },
  ] as const
  const open = questions.filter(({ key }) => given[key] === undefined)
  const answers = await ask(open)
  const answer = (key: keyof Choices) => answers[open.findIndex(question => question.key === key)]
  return {
    client: given.client ?? answer('client') ?? usual.client,
    provider: given.provider ?? oneOf('provider', answer('provider'), providerNames) ?? usual.provider,
    ci: given.ci ?? oneOf('ci', answer('ci'), ciNames) ?? usual.ci,
  }
}

function defined(given: Given): Partial<Choices> {
  const { client, provider, ci } = given
  return {
    ...(client !== undefined && { client }),
    ...(provider !== undefined && { provider }),
    ...(ci !== undefined && { ci }),
  }
}

function clientPath(given: string | undefined, { folder }: Project): string | undefined {
  if (given === undefined) return undefined
  const path = relative(folder, resolve(given))
  if (path.startsWith('..') || isAbsolute(path))
    throw new UsageError(`--client ${given}: this is outside of the project.`, `The project is ${folder}.`)
  if (!/\.[cm]?[jt]sx?$/.test(path))
    throw new UsageError(`--client ${given}: expected a module.`, `Write a path like ${usualClient}.`)
  return path
}

function oneOf<T extends string>(flag: string, given: string | undefined, options: readonly T[]): T | undefined {
  if (given === undefined) return undefined
  const found = options.find(option => option === given)
  if (found !== undefined) return found
  const near = suggest(given, options)
  throw new UsageError(`--${flag} ${given}: expected ${options.join(', ')}.`, near && `Did you mean ${near}?`)
}

function nextSteps(plan: Plan, project: Project, hasKept: boolean): readonly string[] {
  const missing = ['blackstart', 'vitest', ...plan.packages].filter(name => !project.packages.includes(name))
  return [
    ...(hasKept ? ['What was there is kept; --force overwrites it.'] : []),
    ...(plan.ci === 'gitlab' && project.hasGitlabFile
      ? ["Add to .gitlab-ci.yml: include: [{ local: '.gitlab/blackstart.yml' }]"]
      : []),
    'next:',
    ...(project.hasManifest ? [] : ['  npm init --yes']),
    ...(missing.length > 0 ? [`  npm install --save-dev ${missing.join(' ')}`] : []),
    '  npx blackstart doctor',
    '  npx blackstart run',
    '  npx vitest run blackstart',
  ]
}
