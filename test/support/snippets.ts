import type { Fence } from './markdown.ts'

export interface Command {
  readonly args: readonly string[]
  readonly exitCode: number
  readonly line: number
}

export interface Snippet {
  /** What it is called in the folder where a page's snippets stand together. */
  readonly file: string
  readonly text: string
  readonly line: number
}

/** Commands in `sh` blocks that run blackstart; `# exits 1` at the end says which exit code is right, 0 when nothing does. */
export function commandsOf(fences: readonly Fence[]): Command[] {
  return fences
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text, line }) => text.split('\n').map((command, index) => ({ command, line: line + index })))
    .filter(({ command }) => command.startsWith('npx blackstart '))
    .map(({ command, line }) => {
      const [words = '', comment = ''] = command.split(/\s+#\s*/)
      const exitCode = Number(/^exits (\d+)$/.exec(comment)?.[1] ?? 0)
      return { args: words.split(/\s+/).slice(2), exitCode, line }
    })
}

/** `ts` blocks as files. A first line `// name.ts` names one; without it the block stands for itself. */
export function typescriptOf(fences: readonly Fence[]): Snippet[] {
  return fences
    .filter(({ language }) => language === 'ts')
    .map(({ text, line }) => ({ file: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? `line-${line}.ts`, text, line }))
}

/** `yaml` blocks that are whole scenarios, as files. A first line `# name.yaml` names one. */
export function scenariosOf(fences: readonly Fence[]): Snippet[] {
  return fences
    .filter(({ language, text }) => language === 'yaml' && isScenario(text))
    .map(({ text, line }) => ({ file: nameOf(text) ?? `line-${line}.yaml`, text, line }))
}

/** Blocks of other languages, and configs, that have a name in their first line: programs of a drill and the like. */
export function namedFilesOf(fences: readonly Fence[]): Snippet[] {
  return fences.flatMap(({ language, text, line }) => {
    const file = nameOf(text)
    return file === undefined || language === 'ts' || isScenario(text) ? [] : [{ file, text, line }]
  })
}

function isScenario(text: string): boolean {
  return /^blackstart: \d/m.test(text)
}

/** `// worker.mjs`, `# app.py`. */
function nameOf(text: string): string | undefined {
  return /^(?:\/\/|#) ([\w.-]+\.\w+)\n/.exec(text)?.[1]
}

/**
 * The first line of `sample` that `output` lacks, when it is read from top to bottom; undefined when it has them all.
 * A sample may leave lines out, `…` at the end of a line leaves its rest out, and real durations count for nothing.
 */
export function missingLine(sample: string, output: string): string | undefined {
  const lines = output.split('\n').map(timeless)
  let from = 0
  for (const line of sample.split('\n').map(timeless)) {
    if (line === '') continue
    const isIt = line.endsWith('…')
      ? (candidate: string) => candidate.startsWith(line.slice(0, -1).trimEnd())
      : (candidate: string) => candidate === line
    const at = lines.findIndex((candidate, index) => index >= from && isIt(candidate))
    if (at === -1) return line
    from = at + 1
  }
  return undefined
}

function timeless(line: string): string {
  return line.trimEnd().replace(/ in \d[\d.]* (?:ms|s|m)$/, ' in no time')
}
