import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { readArguments } from '../../src/cli/args.ts'
import { merge } from '../../src/cli/commands/merge.ts'
import { search } from '../../src/cli/commands/search.ts'
import { parseShard } from '../../src/search/shard.ts'
import { rootPath } from '../support/cli.ts'

const folder = join(rootPath, 'examples', 'search')
const files = readdirSync(folder)

/** What each puts in the place of its variables, for the shard numbered third. */
const values: readonly (readonly [RegExp, string])[] = [
  [/\$\{\{ matrix\.shard \}\}|\$CI_NODE_INDEX|\$\(\(INDEX \+ 1\)\)/g, '3'],
  [/\$CI_NODE_TOTAL/g, '8'],
  [/\$INDEX|\$SEED/g, '2'],
  [/\$TIME/g, '20m'],
]

/** Command lines of blackstart in a file's texts, as words. */
function commandsIn(file: string): readonly (readonly string[])[] {
  const texts: string[] = []
  const collect = (value: unknown) => {
    if (typeof value === 'string') texts.push(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
    expect(document.errors).toEqual([])
    collect(document.toJS())
  }
  return texts.flatMap(text => {
    const [, line] = /npx blackstart ([^|\n]+)/.exec(text) ?? []
    if (line === undefined) return []
    const filled = values.reduce((all, [pattern, value]) => all.replaceAll(pattern, value), line)
    return [filled.replaceAll('"', '').trim().split(/\s+/)]
  })
}

test('there is an example for GitHub, GitLab and Kubernetes', () => {
  expect(files.toSorted()).toEqual(['github-actions.yml', 'gitlab-ci.yml', 'kubernetes.yaml'])
})

test.for(files)('%s runs a search in shards, and merges them, with flags that there are', file => {
  const commands = commandsIn(file)

  expect(commands.map(([name]) => name)).toEqual(['search', 'merge'])
  const [searching = [], merging = []] = commands
  const given = readArguments(search, searching.slice(1))
  expect(parseShard(given.value('shard') ?? '')).toMatchObject({ index: 3 })
  expect(given.values('report').some(report => report.startsWith('json='))).toBe(true)
  expect(readArguments(merge, merging.slice(1)).words.length).toBe(1)
})

test('the shards of a matrix, and of an Indexed Job, are as many as its command says', () => {
  const [actions] = parseAllDocuments(readFileSync(join(folder, 'github-actions.yml'), 'utf8')).map(one => one.toJS())
  const job = parseAllDocuments(readFileSync(join(folder, 'kubernetes.yaml'), 'utf8'))[1]?.toJS()
  const ofIn = (file: string) => Number(/--shard \S+?\/(\d+)/.exec(commandsIn(file)[0]?.join(' ') ?? '')?.[1])

  expect(actions.jobs.search.strategy.matrix.shard).toHaveLength(ofIn('github-actions.yml'))
  expect(job.spec.completions).toBe(ofIn('kubernetes.yaml'))
})
