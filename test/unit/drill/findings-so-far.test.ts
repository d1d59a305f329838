import { expect, test } from 'vitest'
import { nativeNow, nativeSetImmediate } from '../../../src/clock/native.ts'
import { FindingsSoFar } from '../../../src/drill/findings-so-far.ts'
import type { Finding } from '../../../src/oracles/oracle.ts'

function finding(oracle: string, severity: Finding['severity']): Finding {
  return { oracle, severity, phase: 'down', message: oracle, evidence: [], advice: '' }
}

const mild = finding('no-hot-loop', 'warn')
const grave = finding('none-lost', 'fail')

/** Judges by three steps of so many ms each. */
function judged(stepMs: number, length: number) {
  const told = { looks: 0, steps: 0, tooMuch: 0 }
  const findings = new FindingsSoFar({
    length: () => length,
    *steps() {
      told.looks++
      for (const found of [[mild], [grave], []]) {
        const began = nativeNow()
        while (nativeNow() - began < stepMs);
        told.steps++
        yield found
      }
    },
    onTooMuch: () => told.tooMuch++,
  })
  return { findings, told }
}

function otherTurn(): Promise<void> {
  return new Promise(resolve => nativeSetImmediate(() => resolve()))
}

test('what a short journal has is found at once, the worst first, and not looked for again at the next look', () => {
  const { findings, told } = judged(0, 10)

  expect(findings.get()).toEqual([grave, mild])
  expect(findings.get()).toEqual([grave, mild])
  expect(told.looks).toBe(1)
})

test('others of the process have their turn between two steps of a long journal', async () => {
  const { findings, told } = judged(60, 50_000)

  expect(findings.get()).toEqual([])
  await otherTurn()
  expect(told.steps).toBeLessThan(3)

  await expect.poll(() => findings.get()).toEqual([grave, mild])
  expect(told).toEqual({ looks: 1, steps: 3, tooMuch: 0 })
})

test('nothing is looked for any more where a step takes so long that the app would take it for a fault', async () => {
  const { findings, told } = judged(600, 200_000)

  expect(findings.get()).toEqual([])
  await otherTurn()

  expect(findings.get()).toEqual([])
  expect(told).toMatchObject({ looks: 1, steps: 1, tooMuch: 1 })
})

test('once the drill has ended no step is taken any more', async () => {
  const { findings, told } = judged(60, 50_000)
  findings.get()
  findings.close()
  await otherTurn()
  await otherTurn()

  expect(told.steps).toBe(1)
  expect(findings.get()).toEqual([])
})
