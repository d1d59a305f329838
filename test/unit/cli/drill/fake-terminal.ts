/** A terminal as a person sees it: what is written moves its cursor, and breaks at its edge. */
export class FakeTerminal {
  readonly isTTY = true
  columns: number
  rows: number
  /** How often it was written to. */
  writes = 0
  private lines: string[] = ['']
  private row = 0
  private column = 0

  constructor(columns = 80, rows = 24) {
    this.columns = columns
    this.rows = rows
  }

  /** What stands on it, down to the cursor's line. */
  get screen(): string {
    return this.lines
      .map(line => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  write(text: string): void {
    this.writes++
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is told by control characters
    for (const part of text.match(/\u001b\[\d*[A-Za-z]|[\s\S]/gu) ?? []) this.take(part)
  }

  /** Makes it narrower or wider: lines that no longer fit are broken, as most terminals do. */
  resize(columns: number): void {
    this.columns = columns
    const below = this.lines.length - this.row
    this.lines = this.lines.flatMap(line => {
      const parts = line.trimEnd().match(new RegExp(`.{1,${columns}}`, 'gu'))
      return parts === null ? [''] : [...parts]
    })
    this.row = this.lines.length - below
  }

  private take(part: string): void {
    const [, n, command] = /^.\[(\d*)([A-Za-z])$/.exec(part) ?? []
    if (command === 'A') this.row = Math.max(0, this.row - Number(n || 1))
    else if (command === 'J') {
      this.lines.length = this.row + 1
      this.lines[this.row] = this.line().slice(0, this.column)
    } else if (command !== undefined) return
    else if (part === '\r') this.column = 0
    else if (part === '\n') this.down()
    else {
      if (this.column >= this.columns) this.down()
      const line = this.line().padEnd(this.column)
      this.lines[this.row] = line.slice(0, this.column) + part + line.slice(this.column + part.length)
      this.column += part.length
    }
  }

  private down(): void {
    this.row++
    this.column = 0
    this.lines[this.row] ??= ''
  }

  private line(): string {
    return this.lines[this.row] ?? ''
  }
}
