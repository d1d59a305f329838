import { expect, test } from 'vitest'
import { redact, withoutPlace } from '../../../src/journal/redact.ts'
import { canaryKeys } from '../../../src/providers/canary.ts'

test.each([
  ['invalid key sk-ant-api03-abc_DEF-123 given', 'invalid key [redacted] given'],
  ['sk-proj-aBcD1234 and rk-live1234', '[redacted] and [redacted]'],
  ['?key=AIzaSyA1234567890abcdefg&alt=sse', '?key=[redacted]&alt=sse'],
  ['GET https://api.test/v1/models?key=abc123&alt=sse', 'GET https://api.test/v1/models?key=[redacted]&alt=sse'],
  ['/invoke?X-Amz-Date=1&X-Amz-Signature=0a1b)', '/invoke?X-Amz-Date=1&X-Amz-Signature=[redacted])'],
  ['connecting to https://ann:secret@gateway.test/v1', 'connecting to https://[redacted]@gateway.test/v1'],
  ['assertion eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbg refused', 'assertion [redacted] refused'],
  ['Credential=AKIAIOSFODNN7EXAMPLE/20260302', 'Credential=[redacted]/20260302'],
  ['token ya29.a0AfH6SMBx-y_z', 'token [redacted]'],
  ['Bearer abcdefgh.ijk~lm+no/p==', '[redacted]'],
  ['sent bearer abcdefghijkl twice', 'sent [redacted] twice'],
  ['x-api-key: 0123-abc', '[redacted]'],
  ['{"X-Api-Key":"0123-abc","accept":"*/*"}', '{"[redacted],"accept":"*/*"}'],
  ["{ authorization: 'Basic dXNlcjpwYXNz', a: 1 }", '{ [redacted], a: 1 }'],
  ['Authorization: Basic dXNlcjpwYXNz\nAccept: */*', '[redacted]\nAccept: */*'],
  ['Cookie: session=abc; theme=dark', '[redacted]'],
  ['set-cookie: session=abc; HttpOnly; Path=/', '[redacted]'],
])('keys, tokens and cookies are blotted out of %j', (text, clean) => {
  expect(redact(text)).toBe(clean)
})

test.each(Object.entries(canaryKeys))('the canary key of %s is blotted out', (_, key) => {
  expect(redact(`key ${key}, refused`)).toBe('key [redacted], refused')
})

test.each([
  ['No answer to [q:q7] How do I change an invoice?', 'No answer to [redacted]'],
  ['{"prompt":"[q:q7] How do I?","n":1}', '{"prompt":"[redacted]","n":1}'],
  ['[q:q7] Open settings. [end:q7]\nand more', '[redacted]\nand more'],
])('prompts and answers are blotted out of %j, from their mark on', (text, clean) => {
  expect(redact(text)).toBe(clean)
})

test.each([
  'Error: connect ECONNREFUSED',
  'task-12345678 on desk-12345678 asked twice',
  'the authorization failed: no cookie was sent',
  'the bearer of it',
  'no such page: /list?keys=3&tokens=4',
  'ann@example.test asked https://example.test/@ann',
])('%j stays as it is', text => {
  expect(redact(text)).toBe(text)
})

test('long text is cut, and says so', () => {
  expect(redact('a'.repeat(300))).toBe('a'.repeat(300))
  expect(redact('a'.repeat(301))).toBe(`${'a'.repeat(299)}…`)
  expect(redact('abcdef', 4)).toBe('abc…')
})

test('a key is not saved by the cut', () => {
  expect(redact(`${'a '.repeat(145)}sk-ant-abcdefghijklmnop`)).toBe(`${'a '.repeat(145)}[redacted]`)
})

test.each([
  ['connect ECONNREFUSED 127.0.0.1:54321', 'connect ECONNREFUSED 127.0.0.1'],
  ['no reply of localhost:5432, nor of db.example.com:5433', 'no reply of localhost, nor of db.example.com'],
  ['connect [::1]:8080', 'connect [::1]'],
  ['https://api.example.com:8443/v1/messages failed', 'https://api.example.com/v1/messages failed'],
  ["ENOENT: no such file, open '/home/ann/app/data.json'", "ENOENT: no such file, open '…/data.json'"],
  ['at run (/opt/app/lib/run.ts:12:4)', 'at run (…/run.ts:12:4)'],
  ['at file:///opt/app/lib/run.ts:12:4', 'at …/run.ts:12:4'],
  ['at C:\\Users\\ann\\run.ts:12:4', 'at …/run.ts:12:4'],
  [`at ${process.cwd()}/src/run.ts:12:4`, 'at src/run.ts:12:4'],
  [`at file://${process.cwd()}/src/run.ts:12:4`, 'at src/run.ts:12:4'],
  ['expires 2031-01-02T03:04:05.678Z or 2031-01-02', 'expires [date] or [date]'],
])('ports, paths and dates go from %j', (text, clean) => {
  expect(withoutPlace(text)).toBe(clean)
})

test.each([
  'POST /v1/messages failed with 500',
  'set at poll (src/client.ts:10:3)',
  'src/client.ts:1000',
  'tasks t1/t2 and 3/4',
])('%j names no place and stays as it is', text => {
  expect(withoutPlace(text)).toBe(text)
})
