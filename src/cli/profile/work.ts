import { clientFolders } from '../../clients/find-client.ts'
import { nativeClearInterval, nativeSetInterval } from '../../clock/native.ts'
import { UsageError } from '../../lib/errors.ts'
import { profileCell, providerOf } from '../../profile/profile.ts'
import { underConfig } from '../../run/config/apply-config.ts'
import { loadConfig } from '../../run/config/load-config.ts'
import { loadClient } from '../../run/load-client.ts'
import { writeAll } from '../output.ts'
import { messageDescriptor } from '../run/worker.ts'
import { type ProfileMessage, type ProfileOrder, profileVariable } from './order.ts'

/** How often the process says that its event loop turns, real ms. */
const beatMs = 250

/** The body of the process that runs the client: cell after cell, each told when it is done. It ends itself. */
export async function workOnProfile(): Promise<never> {
  const exit = process.exit.bind(process)
  const order: ProfileOrder = JSON.parse(process.env[profileVariable] ?? '')
  // The client's environment shall not show that it is watched.
  delete process.env[profileVariable]
  const send = (message: ProfileMessage) => writeAll(messageDescriptor, `${JSON.stringify(message)}\n`)
  const timer = nativeSetInterval(() => send({ type: 'alive' }), beatMs)
  try {
    await profile(order, send)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    send({ type: 'refused', message: error.message, hint: error.hint })
  } finally {
    nativeClearInterval(timer)
  }
  return exit(0)
}

async function profile(order: ProfileOrder, send: (message: ProfileMessage) => void): Promise<void> {
  const { client: specifier, provider, seed, cells } = order
  const cwd = process.cwd()
  const config = await loadConfig(cwd, order.config ?? false)
  const { addresses } = config
  const client = await loadClient(specifier, { cwd, folders: clientFolders(cwd), addresses })
  const { integration } = client
  send({ type: 'loaded', client: integration.name, provider: providerOf({ integration, provider }) })
  for (const name of cells) {
    const cell = await profileCell(name, {
      ...{ integration, seed, provider, addresses },
      reload: () => client.another(),
      adapt: scenario => underConfig(scenario, config),
    })
    send({ type: 'cell', cell })
  }
  await client.close()
}
