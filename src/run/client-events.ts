import type { ClientEventRecord } from '../journal/event.ts'
import type { ClientEvent, Json } from '../model/scenario.ts'
import { instantMs } from '../model/timeline.ts'
import type { Traffic } from '../workload/traffic.ts'
import type { Instances } from './instances.ts'
import type { Stage } from './stage.ts'

/** What client events act on. */
export interface EventTargets {
  readonly instances: Instances
  readonly traffic: Traffic
}

/** Lets every client event of the scenario happen at its time. */
export function scheduleClientEvents(stage: Stage, targets: EventTargets): void {
  const { plan, clock } = stage
  for (const event of plan.scenario.events ?? []) {
    const t = instantMs(event.at, plan.phases, plan.lengthMs)
    clock.after(Math.max(0, t - stage.t()), () => {
      if (!stage.over) happen(event, stage, targets)
    })
  }
}

/** Lets one of them happen now. */
export function happen(event: ClientEvent, stage: Stage, { instances, traffic }: EventTargets): void {
  const write = (name: ClientEventRecord['event'], detail?: Json) =>
    stage.journal.write({ type: 'client-event', t: stage.t(), event: name, ...(detail !== undefined && { detail }) })
  if ('restart' in event) {
    const { instances: count, apart = 0 } = event.restart === true ? {} : event.restart
    instances.some(count).forEach((instance, i) => {
      if (i * apart === 0) void instance.restart()
      else stage.clock.after(i * apart, () => void instance.restart())
    })
  } else if ('crash' in event) {
    const { instances: count } = event.crash === true ? {} : event.crash
    for (const instance of instances.some(count)) void instance.crash()
  } else if ('offline' in event) {
    write('offline', { forMs: event.offline })
    stage.network.cut(event.offline)
    stage.clock.after(event.offline, () => {
      if (!stage.over && !stage.network.isDown) write('online')
    })
  } else if ('scale' in event) {
    write('scale', { instances: event.scale.instances })
    void instances.scale(event.scale.instances)
  } else {
    write('traffic', { factor: event.traffic })
    traffic.setFactor(event.traffic)
  }
}

/** How many lives the scenario's events give one instance at most, not counting starts that fail. */
export function livesOf(events: readonly ClientEvent[]): number {
  return 1 + events.filter(event => 'restart' in event || 'crash' in event || 'scale' in event).length
}
