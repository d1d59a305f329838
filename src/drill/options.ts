import type { GuardLimits } from '../engines/pass-through/guard.ts'
import type { Accepted } from '../model/accepted.ts'
import type { AppSpec } from '../model/app.ts'
import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Thresholds } from '../oracles/judge-all.ts'
import type { AnswersOption } from '../run/answers.ts'
import type { Additions } from '../run/catalogue.ts'
import type { Positions } from '../scenario/index.ts'
import type { Program } from './program/program.ts'
import type { Resume } from './resume/read-resume.ts'

export interface DrillOptions extends Additions {
  readonly scenario: Scenario
  /** As it stands in its file; printed anew when absent. */
  readonly scenarioText?: string | undefined
  readonly file?: string | undefined
  readonly positions?: Positions | undefined
  /** The app in this process, or what drives the program. */
  readonly integration?: Integration | undefined
  /** How the program is driven where no client module does it. */
  readonly app?: AppSpec | undefined
  readonly program?: ProgramSpec | undefined
  readonly engine: 'loopback' | 'toxiproxy'
  /** How many times faster than real time the scenario goes. */
  readonly speed: number
  /**
   * How long the provider stays well after the last phase, and how long what is still open is waited for after that, ms of
   * the scenario; what the plan says, and a quarter of an hour, when absent.
   */
  readonly healedMs?: number | undefined
  /** Whether people are told what the scenario's game day has for them. */
  readonly tellsInjects?: boolean | undefined
  readonly seed?: number | undefined
  readonly users?: number | undefined
  readonly instances?: number | undefined
  readonly answers?: AnswersOption | undefined
  readonly thresholds?: Thresholds | undefined
  /** Findings that are known. */
  readonly accepted?: readonly Accepted[] | undefined
  /** Address and first port to listen on. */
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** The providers speak HTTPS, with an authority that the app is told to trust. */
  readonly tls?: boolean | undefined
  /** Real providers that answer in place of the simulated ones, and what keeps that small. */
  readonly passThrough?: PassThrough | undefined
  /** Where the journal is kept as it is written. */
  readonly journal?: string | undefined
  /** What stands in that file in place of a line. */
  readonly mask?: ((line: string) => string) | undefined
  /** A drill that another process did not bring to its end, in whose journal this one goes on. */
  readonly resume?: Resume | undefined
  /** Something that people should know now. */
  readonly onNotice?: ((says: string) => void) | undefined
}

/** A program to be drilled. */
export interface ProgramSpec {
  readonly argv: readonly string[]
  readonly cwd: string
  /** Variables of its own; they win over all others. `places` are the addresses of this drill, by their names. */
  env?(places: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** Waits until it can be asked. `asked` resolves with its first request to a provider. */
  ready(program: Program, asked: Promise<void>): Promise<void>
  onOutput(line: string): void
}

/** What is behind a drill that lets traffic through. */
export interface PassThrough {
  /** Base URLs by provider. */
  readonly upstreams: Readonly<Record<string, string>>
  /** The variable of our own environment that has the key of a provider, in place of the canary that the app sends. */
  readonly keyFrom: Readonly<Record<string, string>>
  readonly limits: Partial<GuardLimits>
  /** More certificate authorities, PEM. */
  readonly ca?: string
}
