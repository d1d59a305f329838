import { expect, test } from 'vitest'
import { oncePer } from '../../../src/lib/once-per.ts'

test('what is made of an object is made once, of another one anew, though it be nothing', () => {
  const asked: object[] = []
  const made = oncePer((of: { readonly is: number | undefined }) => {
    asked.push(of)
    return of.is
  })
  const [one, none] = [{ is: 1 }, { is: undefined }]

  expect([made(one), made(none), made(one), made(none)]).toEqual([1, undefined, 1, undefined])
  expect(asked).toEqual([one, none])
})
