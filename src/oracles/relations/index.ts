import { classifiesByStatus } from './classifies-by-status.ts'
import { clockRobust } from './clock-robust.ts'
import { instanceIndependence } from './instance-independence.ts'
import { irrelevance } from './irrelevance.ts'
import { labelMonotonicity } from './label-monotonicity.ts'
import { monotoneProbing } from './monotone-probing.ts'
import { notMetastable } from './not-metastable.ts'
import { nullRun } from './null-run.ts'
import type { Relation } from './relation.ts'
import { restartInvariance } from './restart-invariance.ts'
import { statusPageIndependence } from './status-page-independence.ts'
import { timeTranslation } from './time-translation.ts'

/** All relations, by id, in the order of reports. */
export const relations: ReadonlyMap<string, Relation> = new Map(
  [
    nullRun,
    statusPageIndependence,
    notMetastable,
    clockRobust,
    classifiesByStatus,
    timeTranslation,
    irrelevance,
    instanceIndependence,
    monotoneProbing,
    restartInvariance,
    labelMonotonicity,
  ].map(relation => [relation.id, relation]),
)
