/** A part of a report that others than it have made; how it looks is for the page and for Markdown to say. */
export interface Section {
  /** Kebab-case, unique on the page. */
  readonly id: string
  readonly name: string
  readonly blocks: readonly Block[]
}

/** A piece of a section. Texts are no markup, but for `words in backticks`. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  /** What somebody else has said. */
  | { readonly type: 'quote'; readonly text: string }
  | { readonly type: 'heading'; readonly text: string }
  | {
      readonly type: 'code'
      /** What it is, for those who come upon it alone. */
      readonly caption: string
      readonly language: 'sh' | 'yaml'
      readonly text: string
    }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | {
      readonly type: 'table'
      /** What is in it, for those who come upon it alone. */
      readonly caption: string
      readonly heads: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
