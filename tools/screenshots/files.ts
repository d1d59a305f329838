import { resolve } from 'node:path'
import { type Shot, shots } from './shots.ts'

/** Where the pictures are, and the page of the docs that shows them all. */
export const folder = resolve(import.meta.dirname, '../../docs/images/game-day')
export const galleryFile = resolve(import.meta.dirname, '../../docs/game-day-pictures.md')

/** All pictures together, in bytes: they are in the repository for good. */
export const bytesAtMost = 1_500_000

export interface Look {
  readonly size: 'desktop' | 'phone'
  readonly width: number
  readonly height: number
  readonly colorScheme: 'light' | 'dark'
}

/** Every page is pictured at each of them, in CSS pixels. */
export const looks: readonly Look[] = (['light', 'dark'] as const).flatMap(colorScheme => [
  { size: 'desktop', width: 1280, height: 800, colorScheme },
  { size: 'phone', width: 390, height: 844, colorScheme },
])

export function fileName({ name }: Pick<Shot, 'name'>, { size, colorScheme }: Look): string {
  return `${name}-${size}-${colorScheme}.png`
}

/** The page of the docs. */
export function gallery(): string {
  const picture = (shot: Shot, look: Look) =>
    `![${shot.says}; ${look.size}, ${look.colorScheme}](images/game-day/${fileName(shot, look)})`
  const row = (shot: Shot, colorScheme: Look['colorScheme']) =>
    `| ${looks
      .filter(look => look.colorScheme === colorScheme)
      .map(look => picture(shot, look))
      .join(' | ')} |`
  const parts = shots.map(
    shot =>
      `## ${shot.title}\n\n${shot.says}.\n\n| Desktop | Phone |\n|---|---|\n${row(shot, 'light')}\n${row(shot, 'dark')}\n`,
  )
  return `# Pictures of a game day

What people see in the [game day](game-days.md) of two hours that is in [\`examples/game-day\`](../examples/game-day), on a desktop and on a
phone, light and dark. \`npm run screenshots\` makes them anew.

${parts.join('\n')}`
}
