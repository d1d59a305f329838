import { availableParallelism } from 'node:os'
import type { ExecuteOrder } from './execute.ts'

/** A process of its own is worth its start from so many scenarios on. */
const scenariosOfALane = 4

/** How many processes run `targets` scenarios where nobody says: at most one a core. */
export function usualJobs(targets: number, cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, Math.floor(targets / scenariosOfALane)))
}

/** The targets dealt out like cards: neighbours in a folder are often alike, and take alike long. */
export function lanesOf(targets: number, jobs: number): readonly ExecuteOrder[] {
  const lanes = Math.min(jobs, targets)
  return Array.from({ length: lanes }, (_, lane) => ({
    indices: Array.from({ length: targets }, (_one, index) => index).filter(index => index % lanes === lane),
    isFirst: lane === 0,
  }))
}
