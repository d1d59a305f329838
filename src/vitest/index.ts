import { expect } from 'vitest'
import { matchers } from './matchers.ts'

export type { Injected, Injection } from '../run/injections.ts'
export type { RunResult } from '../run/result.ts'
export type { TaskContext, TaskOptions } from '../testing/asking.ts'
export type { OutageTask } from '../testing/outage-task.ts'
export type { Attempt, Call, RecordFilter, Task } from '../testing/records.ts'
export type { FindingFilter } from '../testing/result-assertions.ts'
export type { ScenarioSpec } from '../testing/spec.ts'
export type { StartOutageOptions } from '../testing/start-outage.ts'
export type { SurviveOptions } from '../testing/survives.ts'
export type { AnyOutageOptions } from '../testing/survives-any.ts'
export type { OutageMatchers } from './augment.ts'
export { type OutageFixtures, test } from './fixture.ts'
export { matchers } from './matchers.ts'
export type { OutageOfTest } from './outage.ts'

expect.extend(matchers)
