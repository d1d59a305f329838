import { Component, type ComponentChild, type FunctionComponent, h } from 'preact'

/** A component that is drawn again only when one of its props is another one. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const last = new Map<string, unknown>(Object.entries(this.props))
      const pairs = Object.entries(next)
      return pairs.length !== last.size || pairs.some(([key, value]) => !Object.is(last.get(key), value))
    }
    override render(): ComponentChild {
      return h(Inner, this.props)
    }
  }
  return props => h(Memo, props)
}
