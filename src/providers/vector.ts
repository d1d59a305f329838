import { randomStream } from '../lib/draw.ts'
import { shortHash } from './hash.ts'

/** Coordinates that one word adds to. */
const spread = 8

/**
 * A vector of unit length, the same whenever the same text is embedded. Texts that share words are near each other: each
 * word adds to a few coordinates of its own. A smaller one is the beginning of the full one, at unit length again.
 */
export function textVector(text: string, model: string, full: number, size: number): Float32Array {
  const vector = new Float32Array(full)
  const noise = randomOf(`${model} ${text}`)
  for (let i = 0; i < full; i++) vector[i] = (noise() - 0.5) * 0.02
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const draw = randomOf(`${model} ${word}`)
    for (let i = 0; i < spread; i++) {
      const at = Math.floor(draw() * full)
      vector[at] = (vector[at] ?? 0) + (draw() < 0.5 ? -1 : 1)
    }
  }
  return unit(vector.slice(0, size))
}

function unit(vector: Float32Array): Float32Array {
  let sum = 0
  for (const value of vector) sum += value * value
  const length = Math.sqrt(sum)
  return length === 0 ? vector : vector.map(value => value / length)
}

function randomOf(text: string): () => number {
  return randomStream(Number.parseInt(shortHash(text, 13), 16))
}
