/** One thing that was looked at, and what it means. */
export interface Check {
  /** Kebab-case, stable, for machines. */
  readonly id: string
  /** `fail`: runs cannot be trusted, or not be made; `warn`: something will surprise; `info`: nothing to do. */
  readonly status: 'ok' | 'info' | 'warn' | 'fail'
  readonly says: string
  /** What to do. */
  readonly fix?: string
}

export const ok = (id: string, says: string): Check => ({ id, status: 'ok', says })
export const info = (id: string, says: string, fix?: string): Check => withFix({ id, status: 'info', says }, fix)
export const warn = (id: string, says: string, fix: string): Check => ({ id, status: 'warn', says, fix })
export const fail = (id: string, says: string, fix?: string): Check => withFix({ id, status: 'fail', says }, fix)

function withFix(check: Check, fix: string | undefined): Check {
  return fix === undefined ? check : { ...check, fix }
}
