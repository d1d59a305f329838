import { expect, test } from 'vitest'
import { maskData, maskSecrets } from '../../../src/cli/mask.ts'

const env = { DB_PASSWORD: 'pä%ss"w<or>d', API_KEY: 'short', PATH: '/usr/bin:/bin:/usr/local/bin' }

test('a secret is masked in plain data, whatever XML or a workflow command would make of it', () => {
  const document = { message: 'no access with pä%ss"w<or>d', evidence: ['pä%ss"w<or>d'], n: 3, none: null }

  expect(maskData(document, env)).toEqual({ message: 'no access with ***', evidence: ['***'], n: 3, none: null })
})

test('a secret is masked in JSON, where it is spelled with escapes', () => {
  expect(maskSecrets(JSON.stringify({ says: env.DB_PASSWORD }), env)).toBe('{"says":"***"}')
})

test('what is short, or no secret by its name, stays', () => {
  expect(maskData(['short /usr/bin:/bin:/usr/local/bin'], env)).toEqual(['short /usr/bin:/bin:/usr/local/bin'])
})
