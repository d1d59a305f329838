/** `answer.text`, `choices[0].message`, `items.0.id`. */
export const pathPattern = /^[^\s.[\]]+(?:\.[^\s.[\]]+|\[\d+\])*$/

/** What stands at a path in a JSON value; `undefined` where there is no such place. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value
  for (const step of path.split(/[.[\]]+/).filter(part => part !== '')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = Reflect.get(here, step)
  }
  return here
}
