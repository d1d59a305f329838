import { ask, countTask } from './ask.ts'

interface Flag {
  isUp: boolean
}

// Types alone, so that lines move when this file is compiled.
type Mood = 'patient' | 'not'

const mood: Mood = 'patient'

function waitForFlag(flag: Flag): void {
  while (!flag.isUp) {}
}

export default {
  name: 'blocks',
  perform: async (_app: unknown, { prompt }: { prompt: string }) => {
    if (countTask() > 40) waitForFlag({ isUp: mood !== 'patient' })
    return ask(prompt)
  },
}
