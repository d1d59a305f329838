/** A share in [0, 1] as people write it: `10%`, `0.5%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`
}

/** Reads `10%` or `0.1` as a share in [0, 1]; `undefined` when the text is neither. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim())
  if (match === null) return undefined
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1)
  return share <= 1 ? share : undefined
}
