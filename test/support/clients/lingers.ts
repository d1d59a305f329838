import { ask, countTask } from './ask.ts'

/** Tells when it is under way, then takes real time for every task. */
export default {
  name: 'lingers',
  perform: async (_app: unknown, { prompt }: { prompt: string }) => {
    if (countTask() === 5) console.log('under way')
    const until = process.cpuUsage().user + 40_000
    while (process.cpuUsage().user < until) {}
    return ask(prompt)
  },
}
