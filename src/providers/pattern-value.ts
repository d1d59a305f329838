/**
 * A short text that matches a regular expression as schemas use them: literals, classes, groups, alternatives and
 * quantifiers. The least repetitions are taken, more where `least` characters are needed. Look-around, references and
 * word boundaries are passed over, so for those the text may not match.
 */
export function patternValue(pattern: string, least = 0): string {
  for (let extra = 0; ; extra++) {
    const text = new Generator(pattern, extra).alternatives()
    if (text.length >= least || extra >= least) return text
  }
}

/** Reads a pattern once, left to right; `extra` is what each quantifier adds to its least number if it may. */
class Generator {
  readonly #pattern: string
  readonly #extra: number
  #at = 0

  constructor(pattern: string, extra: number) {
    this.#pattern = pattern
    this.#extra = extra
  }

  /** The first of `a|b|c`. */
  alternatives(): string {
    const first = this.#sequence()
    while (this.#peek() === '|') {
      this.#at++
      this.#sequence()
    }
    return first
  }

  #peek(): string {
    return this.#pattern.charAt(this.#at)
  }

  #sequence(): string {
    let text = ''
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom()
      text += atom.repeat(this.#times())
    }
    return text
  }

  #atom(): string {
    const char = this.#peek()
    this.#at++
    switch (char) {
      case '^':
      case '$':
        return ''
      case '.':
        return 'a'
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '\\':
        return this.#escape()
      default:
        return char
    }
  }

  #group(): string {
    const opening = /^\?(?::|<?[=!]|<[^>]*>)/.exec(this.#pattern.slice(this.#at))?.[0] ?? ''
    this.#at += opening.length
    const text = this.alternatives()
    this.#at++
    return /^\?<?[=!]/.test(opening) ? '' : text
  }

  #escape(): string {
    const char = this.#peek()
    this.#at++
    const named = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a', b: '', B: '', n: '\n', t: '\t', r: '\r' }[char]
    if (named !== undefined) return named
    if (char === 'u' || char === 'x') {
      const digits = this.#pattern.slice(this.#at, this.#at + (char === 'u' ? 4 : 2))
      this.#at += digits.length
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    if (char === 'p' || char === 'P') {
      this.#at = this.#pattern.indexOf('}', this.#at) + 1
      return 'A'
    }
    return char
  }

  #class(): string {
    const start = this.#at - 1
    if (this.#peek() === '^') this.#at++
    const negated = this.#at > start + 1
    let first: string | undefined
    while (this.#at < this.#pattern.length && this.#peek() !== ']') {
      const char = this.#peek()
      this.#at++
      const member = char === '\\' ? this.#escape() : char
      first ??= member
    }
    this.#at++
    if (!negated) return first ?? ''
    const source = new RegExp(this.#pattern.slice(start, this.#at))
    return ['a', 'A', '1', '-', ' ', '_', 'é'].find(candidate => source.test(candidate)) ?? ''
  }

  #times(): number {
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#pattern.slice(this.#at))
    if (quantifier === null) return 1
    this.#at += quantifier[0].length
    switch (quantifier[0].charAt(0)) {
      case '*':
        return this.#extra
      case '+':
        return 1 + this.#extra
      case '?':
        return Math.min(1, this.#extra)
    }
    const least = Number(quantifier[1])
    if (quantifier[2] === undefined) return least
    return Math.min(least + this.#extra, quantifier[3] ? Number(quantifier[3]) : Number.POSITIVE_INFINITY)
  }
}
