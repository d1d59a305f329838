import { answers } from './answers.ts'
import { backoffGrowth } from './backoff-growth.ts'
import { boundedAttempts } from './bounded-attempts.ts'
import { boundedBacklog } from './bounded-backlog.ts'
import { boundedHalfOpenProbes } from './bounded-half-open-probes.ts'
import { breakerOpens } from './breaker-opens.ts'
import { breakerSparesOthers } from './breaker-spares-others.ts'
import { cacheFreshness } from './cache-freshness.ts'
import { cancelledIsCancelled } from './cancelled-is-cancelled.ts'
import { costCeiling } from './cost-ceiling.ts'
import { credentialIsolation } from './credential-isolation.ts'
import { drainsInTime } from './drains-in-time.ts'
import { failureIsNotSuccess } from './failure-is-not-success.ts'
import { fairness } from './fairness.ts'
import { fallbackOnlyWhenAllowed } from './fallback-only-when-allowed.ts'
import { goodputRatio } from './goodput-ratio.ts'
import { herdAtRestore } from './herd-at-restore.ts'
import { idleTimeout } from './idle-timeout.ts'
import { jitterPresent } from './jitter-present.ts'
import { keyDiscipline } from './key-discipline.ts'
import { noHotLoop } from './no-hot-loop.ts'
import { noRetryOnPermanentErrors } from './no-retry-on-permanent-errors.ts'
import { noStitching } from './no-stitching.ts'
import { noneDuplicated } from './none-duplicated.ts'
import { noneLost } from './none-lost.ts'
import type { Oracle } from './oracle.ts'
import { order } from './order.ts'
import { partialToolCallNotExecuted } from './partial-tool-call-not-executed.ts'
import { poisonIsolation } from './poison-isolation.ts'
import { quietWhileDown } from './quiet-while-down.ts'
import { recovers } from './recovers.ts'
import { retryAfterHonoured } from './retry-after-honoured.ts'
import { retryAmplification } from './retry-amplification.ts'
import { returnToBaseline } from './return-to-baseline.ts'
import { returnsToPrimary } from './returns-to-primary.ts'
import { rightBlastRadius } from './right-blast-radius.ts'
import { settles } from './settles.ts'
import { sideEffectsOnce } from './side-effects-once.ts'
import { synchronisation } from './synchronisation.ts'
import { tenantIsolation } from './tenant-isolation.ts'
import { timeToDetect } from './time-to-detect.ts'
import { truncatedIsNotSuccess } from './truncated-is-not-success.ts'

/** The catalogue, by id. Its order is the order of reports; those that a scenario has to name come last. */
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
    boundedAttempts,
    noHotLoop,
    backoffGrowth,
    jitterPresent,
    cancelledIsCancelled,
    synchronisation,
    goodputRatio,
    boundedHalfOpenProbes,
    breakerSparesOthers,
    rightBlastRadius,
    timeToDetect,
    returnsToPrimary,
    returnToBaseline,
    cacheFreshness,
    fairness,
    noStitching,
    idleTimeout,
    partialToolCallNotExecuted,
    sideEffectsOnce,
    keyDiscipline,
    costCeiling,
    noneLost,
    noneDuplicated,
    poisonIsolation,
    drainsInTime,
    answers,
    quietWhileDown,
    breakerOpens,
    fallbackOnlyWhenAllowed,
    tenantIsolation,
    credentialIsolation,
    order,
    boundedBacklog,
  ].map(oracle => [oracle.id, oracle]),
)
