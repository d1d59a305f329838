export type CommandLine = { readonly argv: readonly string[] } | { readonly problem: string; readonly hint: string }

/** What only a shell makes something of. */
const shellSigns = /[|&;<>()$`*?~#]/

/**
 * The words of a command, as a shell would part them: at spaces, with 'single' and "double" quotes and backslashes. What
 * only a shell can do (pipes, variables, patterns) is a problem, not a word.
 */
export function splitCommand(text: string): CommandLine {
  const argv: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? ''
    if (quote !== undefined) {
      if (sign === quote) quote = undefined
      else if (quote === '"' && sign === '\\' && /["\\$`]/.test(text[i + 1] ?? '')) word += text[++i] ?? ''
      else if (quote === '"' && /[$`]/.test(sign)) return forShell(sign)
      else word += sign
    } else if (sign === '"' || sign === "'") {
      quote = sign
      word ??= ''
    } else if (/\s/.test(sign)) {
      if (word !== undefined) argv.push(word)
      word = undefined
    } else if (sign === '\\') word = `${word ?? ''}${text[++i] ?? ''}`
    else if (shellSigns.test(sign)) return forShell(sign)
    else word = `${word ?? ''}${sign}`
  }
  if (quote !== undefined) return { problem: `The quote ${quote} is never closed.`, hint: 'Close it.' }
  if (word !== undefined) argv.push(word)
  const [first] = argv
  if (first === undefined) return { problem: 'There is no command in it.', hint: 'Write it, like: npm start' }
  const [, variable] = /^([A-Za-z_]\w*)=/.exec(first) ?? []
  if (variable !== undefined)
    return {
      problem: `A variable cannot be set before the command (${variable}).`,
      hint: `Write it apart: env: { ${variable}: … }`,
    }
  return { argv }
}

function forShell(sign: string): CommandLine {
  return {
    problem: `Only a shell makes something of "${sign}", and none reads this.`,
    hint: 'Quote it, or let a shell read it: [sh, -c, "…"].',
  }
}
