import { ask, countTask } from './ask.ts'

export default {
  name: 'leaves',
  perform: async (_app: unknown, { prompt }: { prompt: string }) => {
    // Past every guard of `process.exit`.
    if (countTask() > 40) (process as unknown as { reallyExit(code: number): never }).reallyExit(3)
    return ask(prompt)
  },
}
