import type { DiagnosticCode } from './diagnostic.ts'

interface Words {
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint?: string
}

const quoteHint = 'If this is one text, quote it: "like this: quoted".'

const badIndent: Words = {
  code: 'yaml-syntax',
  message: 'This line is not indented like its neighbours.',
  hint: 'Keys of one map begin in the same column; or is a closing ], } or quote missing above?',
}

/** The parser's error codes in our words. What is not listed keeps the parser's own sentence. */
const words: Readonly<Record<string, Words>> = {
  TAB_AS_INDENT: { code: 'yaml-tab', message: 'A tab is used to indent.', hint: 'YAML indents with spaces only.' },
  BLOCK_AS_IMPLICIT_KEY: {
    code: 'yaml-syntax',
    message: 'A second ": " stands on this line, so its text reads as a map inside a map.',
    hint: quoteHint,
  },
  BLOCK_IN_FLOW: {
    code: 'yaml-syntax',
    message: 'Inside [ ] or { }, this reads as the beginning of another map or list.',
    hint: 'Is a comma missing here, or a closing ] or } above?',
  },
  MULTILINE_IMPLICIT_KEY: {
    code: 'yaml-syntax',
    message: 'These lines are neither one text nor a key with its value.',
    hint: 'A key needs a colon and a space after it ("for: 5m"), a list item a dash and a space.',
  },
  BAD_SCALAR_START: {
    code: 'yaml-syntax',
    message: 'A text cannot begin with this character.',
    hint: 'Quote the text.',
  },
  BAD_DQ_ESCAPE: {
    code: 'yaml-syntax',
    message: 'This backslash sequence does not exist in double quotes.',
    hint: 'Write \\\\ for a backslash, or use single quotes.',
  },
  BAD_INDENT: badIndent,
  UNEXPECTED_TOKEN: {
    code: 'yaml-syntax',
    message: 'This does not belong here.',
    hint: 'Is a comma, a closing bracket or a quote missing? If it is part of a text, quote this text.',
  },
  MULTIPLE_DOCS: {
    code: 'several-documents',
    message: 'The file holds more than one YAML document.',
    hint: 'One file, one scenario: split it at this "---".',
  },
  BAD_ALIAS: { code: 'bad-alias', message: 'This alias is not spelled well.', hint: 'If it is a text, quote it.' },
}

/** Our words for a problem the YAML parser found. */
export function yamlProblem(code: string, message: string): Words {
  if (code === 'MISSING_CHAR') {
    const quoted = /closing ['"]/.test(message)
    if (quoted)
      return { code: 'yaml-syntax', message: 'A quoted text is never closed.', hint: 'Close the quote it began with.' }
    if (/without - indicator/.test(message)) return badIndent
    if (/flow (sequence|map)/.test(message))
      return {
        code: 'yaml-syntax',
        message: 'Something is missing inside [ ] or { }.',
        hint: 'Put a comma between the items, and close the bracket. If it is one text, quote this text.',
      }
  }
  return words[code] ?? { code: 'yaml-syntax', message: `This is not valid YAML: ${message.replace(/\.$/, '')}.` }
}
