import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** What takes half a minute or more, longest first; of the others vitest guesses by their size. */
const longest = [
  'test/console/game-day.test.ts',
  'test/docs/pages.test.ts',
  'test/library/library.test.ts',
  'test/cli/search.test.ts',
  'test/drill/kill.test.ts',
  'test/drill/session.test.ts',
  'test/fleet/sound.test.ts',
  'test/cli/drill.test.ts',
  'test/fleet/soundness.test.ts',
  'test/fleet/matrix.test.ts',
  'test/fleet/catalogue.test.ts',
  'test/examples/playwright.test.ts',
  'test/cli/profile.test.ts',
]

/** The order of test files: a long one that began last would have a core to itself at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    return usual.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex(file => moduleId.endsWith(`/${file}`))
  return place === -1 ? longest.length : place
}
