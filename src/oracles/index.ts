import { alertFires } from './alert-fires.ts'
import { answers } from './answers.ts'
import { backoffGrowth } from './backoff-growth.ts'
import { boundedAttempts } from './bounded-attempts.ts'
import { boundedBacklog } from './bounded-backlog.ts'
import { boundedHalfOpenProbes } from './bounded-half-open-probes.ts'
import { breakerDoesNotFlap } from './breaker-does-not-flap.ts'
import { breakerOpens } from './breaker-opens.ts'
import { breakerSparesOthers } from './breaker-spares-others.ts'
import { cacheFreshness } from './cache-freshness.ts'
import { cacheHoldsOnlyAnswers } from './cache-holds-only-answers.ts'
import { cancelledIsCancelled } from './cancelled-is-cancelled.ts'
import { contractPreserved } from './contract-preserved.ts'
import { costCeiling } from './cost-ceiling.ts'
import { credentialIsolation } from './credential-isolation.ts'
import { credentialsSurvive } from './credentials-survive.ts'
import { drainsInTime } from './drains-in-time.ts'
import { expiredWorkNotRun } from './expired-work-not-run.ts'
import { failureIsNotSuccess } from './failure-is-not-success.ts'
import { fairness } from './fairness.ts'
import { fallbackFires } from './fallback-fires.ts'
import { fallbackIndependence } from './fallback-independence.ts'
import { fallbackIsValid } from './fallback-is-valid.ts'
import { fallbackOnlyWhenAllowed } from './fallback-only-when-allowed.ts'
import { fallbackSparesTheSecondary } from './fallback-spares-the-secondary.ts'
import { goodputRatio } from './goodput-ratio.ts'
import { healthTellsTheTruth } from './health-tells-the-truth.ts'
import { herdAtRestore } from './herd-at-restore.ts'
import { idleTimeout } from './idle-timeout.ts'
import { jitterPresent } from './jitter-present.ts'
import { keyDiscipline } from './key-discipline.ts'
import { modelComesBack } from './model-comes-back.ts'
import { noHotLoop } from './no-hot-loop.ts'
import { noRetryOnPermanentErrors } from './no-retry-on-permanent-errors.ts'
import { noStitching } from './no-stitching.ts'
import { noneDuplicated } from './none-duplicated.ts'
import { noneLost } from './none-lost.ts'
import type { Oracle } from './oracle.ts'
import { order } from './order.ts'
import { partialToolCallNotExecuted } from './partial-tool-call-not-executed.ts'
import { poisonIsolation } from './poison-isolation.ts'
import { queueIsFair } from './queue-is-fair.ts'
import { queueSurvivesRestart } from './queue-survives-restart.ts'
import { quietWhileDown } from './quiet-while-down.ts'
import { ratelimitResetHonoured } from './ratelimit-reset-honoured.ts'
import { recovers } from './recovers.ts'
import { relations } from './relations/index.ts'
import { asOracle } from './relations/relation.ts'
import { retriesAreVisible } from './retries-are-visible.ts'
import { retryAfterHonoured } from './retry-after-honoured.ts'
import { retryAmplification } from './retry-amplification.ts'
import { returnToBaseline } from './return-to-baseline.ts'
import { returnsToPrimary } from './returns-to-primary.ts'
import { rightBlastRadius } from './right-blast-radius.ts'
import { settles } from './settles.ts'
import { sideEffectsOnce } from './side-effects-once.ts'
import { slowIsNotDead } from './slow-is-not-dead.ts'
import { staleSocketsAreRetried } from './stale-sockets-are-retried.ts'
import { synchronisation } from './synchronisation.ts'
import { tenantIsolation } from './tenant-isolation.ts'
import { timeToDetect } from './time-to-detect.ts'
import { toolRunsOnce } from './tool-runs-once.ts'
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
    retriesAreVisible,
    staleSocketsAreRetried,
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
    breakerDoesNotFlap,
    rightBlastRadius,
    timeToDetect,
    returnsToPrimary,
    modelComesBack,
    credentialsSurvive,
    fallbackIsValid,
    fallbackIndependence,
    fallbackSparesTheSecondary,
    contractPreserved,
    returnToBaseline,
    healthTellsTheTruth,
    cacheFreshness,
    cacheHoldsOnlyAnswers,
    fairness,
    noStitching,
    idleTimeout,
    slowIsNotDead,
    partialToolCallNotExecuted,
    sideEffectsOnce,
    toolRunsOnce,
    keyDiscipline,
    costCeiling,
    noneLost,
    queueSurvivesRestart,
    noneDuplicated,
    expiredWorkNotRun,
    poisonIsolation,
    drainsInTime,
    answers,
    quietWhileDown,
    breakerOpens,
    fallbackOnlyWhenAllowed,
    fallbackFires,
    tenantIsolation,
    credentialIsolation,
    order,
    boundedBacklog,
    queueIsFair,
    ratelimitResetHonoured,
    alertFires,
    ...[...relations.values()].map(asOracle),
  ].map(oracle => [oracle.id, oracle]),
)
