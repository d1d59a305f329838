import { ask } from './ask.ts'

export default {
  name: 'plain',
  perform: (_app: unknown, { prompt }: { prompt: string }) => {
    console.log('asked')
    return ask(prompt)
  },
}
