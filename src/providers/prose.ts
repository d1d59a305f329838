import { closingMark, openingMark } from './marks.ts'

// Some words are not ASCII, as real answers are not: a client that cuts UTF-8 apart must show.
const words = (
  'the a this your each every account order invoice package refund café request report window answer team message ' +
  'customer delivery crème address number morning balance naïve change review garden détail option status payment ' +
  'is was will can stays moves arrives shows needs keeps follows covers after before with without during under for ' +
  'and or then soon again today clearly usually first last open ready small useful careful new next other complete'
).split(' ')

const wide = ['café', 'naïve', 'crème', 'détail']

/** `count` words of even-tempered prose with capitals and full stops; at least one character is not ASCII. */
export function prose(count: number, random: () => number): string {
  const wideAt = Math.floor(random() * count)
  let text = ''
  let left = 0
  for (let i = 0; i < count; i++) {
    const from = i === wideAt ? wide : words
    let word = from[Math.floor(random() * from.length)] ?? 'café'
    if (left === 0) {
      left = 7 + Math.floor(random() * 6)
      word = word.charAt(0).toUpperCase() + word.slice(1)
      if (i > 0) text += '.'
    }
    left--
    text += i === 0 ? word : ` ${word}`
  }
  return `${text}.`
}

/** A whole answer to question `id` between its marks, about `count` words. */
export function markedProse(id: string, count: number, random: () => number): string {
  return `${openingMark(id)} ${prose(count, random)} ${closingMark(id)}`
}
