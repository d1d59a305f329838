import type { Recognised } from '../provider.ts'

interface Page {
  readonly type: string
  readonly text: string
}

/** The least that a healthy product page says. */
export function productPage({ surface }: Recognised): Page {
  if (surface === 'chat' || surface === 'code')
    return { type: 'application/json; charset=utf-8', text: JSON.stringify({ type: surface, status: 'ok' }) }
  const title = surface === 'login' ? 'Sign in' : 'Claude Console'
  const text = `<!DOCTYPE html>\n<html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return { type: 'text/html; charset=utf-8', text }
}
