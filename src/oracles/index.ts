import { answers } from './answers.ts'
import { failureIsNotSuccess } from './failure-is-not-success.ts'
import { herdAtRestore } from './herd-at-restore.ts'
import { noRetryOnPermanentErrors } from './no-retry-on-permanent-errors.ts'
import type { Oracle } from './oracle.ts'
import { recovers } from './recovers.ts'
import { retryAfterHonoured } from './retry-after-honoured.ts'
import { retryAmplification } from './retry-amplification.ts'
import { settles } from './settles.ts'
import { truncatedIsNotSuccess } from './truncated-is-not-success.ts'

/** The catalogue, by id. Its order is the order of reports. */
export const oracles: ReadonlyMap<string, Oracle> = new Map(
  [
    settles,
    recovers,
    truncatedIsNotSuccess,
    failureIsNotSuccess,
    retryAmplification,
    retryAfterHonoured,
    noRetryOnPermanentErrors,
    herdAtRestore,
    answers,
  ].map(oracle => [oracle.id, oracle]),
)
