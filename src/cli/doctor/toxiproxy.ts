import { type Found, findToxiproxy, programOnPath } from '../../engines/toxiproxy/find.ts'
import { installToxiproxy } from '../../engines/toxiproxy/install.ts'
import { type Check, fail, info, ok, warn } from './check.ts'

export interface ToxiproxyOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** `--install-toxiproxy`: what is not there is built. */
  readonly install: boolean
  onNotice(text: string): void
}

/** Where Toxiproxy is, or how to get it. It is for drills over real sockets alone, so none is no fault. */
export async function toxiproxyChecks({ env, install, onNotice }: ToxiproxyOptions): Promise<readonly Check[]> {
  const found = findToxiproxy(env)
  const isMissing = found.type === 'installable' || (found.type === 'unavailable' && !env['TOXIPROXY_URL'])
  const now = install && isMissing ? await installToxiproxy({ env, onNotice }) : found
  const go = programOnPath('go', env)
  return [
    toxiproxyCheck(now, { wasAsked: install, isAmiss: !isMissing }),
    go === undefined ? info('go', 'no Go: only building Toxiproxy from its source needs it') : ok('go', `Go as ${go}`),
  ]
}

function toxiproxyCheck(found: Found, { wasAsked, isAmiss }: { wasAsked: boolean; isAmiss: boolean }): Check {
  switch (found.type) {
    case 'running':
      return ok('toxiproxy', `Toxiproxy at ${found.url} (TOXIPROXY_URL)`)
    case 'program':
      return ok('toxiproxy', `Toxiproxy as ${found.path}${found.where === 'cache' ? ' (built by blackstart)' : ''}`)
    case 'installable':
      return info(
        'toxiproxy',
        'no Toxiproxy server: simulated runs, and drills with the loopback engine, do not need one',
        'blackstart doctor --install-toxiproxy builds one with Go, and keeps it.',
      )
    case 'unavailable':
      if (wasAsked) return fail('toxiproxy', found.says, found.fix)
      return isAmiss
        ? warn('toxiproxy', found.says, found.fix)
        : info(
            'toxiproxy',
            'no Toxiproxy server: simulated runs, and drills with the loopback engine, do not need one',
            found.fix,
          )
  }
}
