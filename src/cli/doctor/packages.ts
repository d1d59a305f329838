import { versionOf } from '../../clients/manifest.ts'
import { packageRoot } from '../registry.ts'
import { type Check, fail, info, ok, warn } from './check.ts'

/** SDKs whose requests blackstart knows. */
const sdks = [
  '@anthropic-ai/sdk',
  '@anthropic-ai/bedrock-sdk',
  '@anthropic-ai/vertex-sdk',
  'openai',
  '@google/genai',
  'ai',
  '@ai-sdk/anthropic',
  '@ai-sdk/openai',
  '@ai-sdk/google',
  '@langchain/anthropic',
  '@langchain/openai',
  '@langchain/google-genai',
]

/** Whether `version` is at least `least`, number by number; what stands after a hyphen is not looked at. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => (text.replace(/^v/, '').split(/[-+]/)[0] ?? '').split('.').map(Number)
  const [own, wanted] = [numbers(version), numbers(least)]
  for (let i = 0; i < wanted.length; i++) {
    const difference = (own[i] ?? 0) - (wanted[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

/** What the project has installed. */
export function packageChecks(cwd: string): readonly Check[] {
  return [sdkCheck(cwd), ...mswChecks(cwd), vitestCheck(cwd)]
}

function sdkCheck(cwd: string): Check {
  const found = sdks.flatMap(name => {
    const version = versionOf(name, cwd)
    return version === undefined ? [] : [`${name} ${version}`]
  })
  return found.length > 0
    ? ok('sdks', `SDKs: ${found.join(', ')}`)
    : info(
        'sdks',
        'no known SDK in this project',
        'The shipped clients need one: npm install @anthropic-ai/sdk, or openai.',
      )
}

/** Before it, an SDK hangs on a retried error that has a body. */
const leastMsw = '3.0.5'

function mswChecks(cwd: string): readonly Check[] {
  const own = versionOf('msw', packageRoot)
  const theirs = versionOf('msw', cwd)
  return [
    own === undefined
      ? fail('msw', 'blackstart’s own msw is missing', 'Install blackstart anew: npm install --save-dev blackstart')
      : isAtLeast(own, leastMsw)
        ? ok('msw', `msw ${own} for blackstart itself`)
        : fail(
            'msw',
            `blackstart runs with msw ${own}; below ${leastMsw} clients hang`,
            `npm install --save-dev msw@^${leastMsw}`,
          ),
    ...(theirs === undefined || theirs === own
      ? []
      : isAtLeast(theirs, leastMsw)
        ? [ok('msw-of-project', `msw ${theirs} in the project`)]
        : [
            warn(
              'msw-of-project',
              `msw ${theirs} in the project: runs are not touched by it, but outageHandlers() in a setupServer of your own hang a client that retries an error with a body`,
              `npm install --save-dev msw@^${leastMsw}`,
            ),
          ]),
  ]
}

function vitestCheck(cwd: string): Check {
  const version = versionOf('vitest', cwd)
  if (version === undefined)
    return info('vitest', 'no vitest: blackstart/vitest cannot be used', 'npm install --save-dev vitest')
  return isAtLeast(version, '3.0.0')
    ? ok('vitest', `vitest ${version}`)
    : warn('vitest', `vitest ${version} is too old for blackstart/vitest`, 'npm install --save-dev vitest@latest')
}
