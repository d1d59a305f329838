import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimTimers } from '../../clock/foreign.ts'
import { UsageError } from '../../lib/errors.ts'
import { type Check, fail, info, ok, warn } from './check.ts'
import type { Environment } from './machine.ts'

/** Variables and timers that would change what a run shows. */
export function surroundingChecks(cwd: string, env: Environment): readonly Check[] {
  return [...switchChecks(env), proxyCheck(env), keyCheck(env), ...nodeOptionChecks(env), ...timerChecks(cwd)]
}

function set(env: Environment, pattern: RegExp): readonly string[] {
  return Object.keys(env)
    .filter(name => pattern.test(name) && env[name] !== '')
    .sort()
}

function switchChecks(env: Environment): readonly Check[] {
  return [
    ...(env['BLACKSTART_DISABLED'] === '1'
      ? [fail('disabled', 'BLACKSTART_DISABLED=1 forbids all injection', 'Unset it to run scenarios.')]
      : []),
    ...(env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? [
          warn(
            'tls',
            'NODE_TLS_REJECT_UNAUTHORIZED=0: certificates are not checked',
            'Unset it; blackstart does not need it.',
          ),
        ]
      : []),
    ...(env['BLACKSTART_NO_SUPERVISOR'] === '1'
      ? [
          warn(
            'supervisor',
            'BLACKSTART_NO_SUPERVISOR=1: a client that blocks the event loop is not noticed',
            'Unset it.',
          ),
        ]
      : []),
  ]
}

function proxyCheck(env: Environment): Check {
  const names = set(env, /^(?:(?:https?|all|no)_proxy|node_use_env_proxy)$/i)
  return names.length === 0
    ? ok('proxies', 'no proxy in the environment')
    : info('proxies', `${names.join(', ')}: cleared while a client runs, since nothing leaves this machine then`)
}

function keyCheck(env: Environment): Check {
  const names = set(
    env,
    /^(?:anthropic|openai|gemini|google|azure_openai|aws)_.*(?:api_key|auth_token|access_key|base_url|access_key_id)$/i,
  )
  return names.length === 0
    ? ok('keys', 'no keys or addresses of providers in the environment')
    : info('keys', `${names.join(', ')}: replaced by keys that no host accepts while a client runs`)
}

function nodeOptionChecks(env: Environment): readonly Check[] {
  const options = env['NODE_OPTIONS'] ?? ''
  const preloads = options.match(/(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)[= ]\S+/g) ?? []
  return preloads.length === 0
    ? []
    : [
        warn(
          'node-options',
          `NODE_OPTIONS loads ${preloads.map(text => text.trim()).join(', ')} first: what patches fetch, http or timers changes what a run shows`,
          'Unset it for blackstart if findings look odd.',
        ),
      ]
}

const testConfigs = ['ts', 'mts', 'js', 'mjs', 'cjs'].flatMap(ending =>
  ['vitest.config', 'vite.config', 'jest.config'].map(name => `${name}.${ending}`),
)

function timerChecks(cwd: string): readonly Check[] {
  if (areFaked())
    return [
      fail(
        'timers',
        'the timers of this process are faked already',
        'See what NODE_OPTIONS loads: a run needs the real ones.',
      ),
    ]
  const global = testConfigs.find(name => {
    const path = join(cwd, name)
    return existsSync(path) && /enableGlobally\s*:\s*true|\buseFakeTimers\(/.test(readFileSync(path, 'utf8'))
  })
  return global === undefined
    ? [ok('timers', 'timers are real')]
    : [
        warn(
          'timers',
          `${global} fakes timers for all tests: a run refuses to begin under them`,
          'Call vi.useRealTimers() in tests that run outages.',
        ),
      ]
}

function areFaked(): boolean {
  try {
    claimTimers()()
    return false
  } catch (error) {
    if (error instanceof UsageError) return true
    throw error
  }
}
