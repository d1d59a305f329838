import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { faultParams } from '../../../src/model/fault.ts'
import { oracles } from '../../../src/oracles/index.ts'
import type { Judgement } from '../../../src/oracles/oracle.ts'
import { viewJournal } from '../../../src/oracles/view.ts'
import { oracleJournals } from '../../support/oracle-journals.ts'

const folder = new URL('../../../fixtures/journals/', import.meta.url)
const fileOf = (oracle: string, level: string) => new URL(`${oracle}.${level}.jsonl`, folder)

const all = oracleJournals()

test.each(all)('$oracle.$expected.jsonl is what its builder makes', ({ oracle, expected, journal, endMs }) => {
  const text = journal
    .events(endMs)
    .map(event => `${JSON.stringify(event)}\n`)
    .join('')
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(fileOf(oracle, expected), text)

  expect(readFileSync(fileOf(oracle, expected), 'utf8')).toBe(text)
})

test.each(all)('$oracle judges $oracle.$expected.jsonl as $expected', ({ oracle, expected }) => {
  const { examined, findings } = judgeFile(oracle, expected)

  expect(examined).toBeGreaterThan(0)
  expect(findings.map(finding => finding.severity)).toEqual(expected === 'pass' ? [] : [expected])
  for (const finding of findings) {
    expect(finding.message).toMatch(/\d/)
    expect(finding.evidence.length).toBeGreaterThan(0)
    expect(finding.evidence.length).toBeLessThanOrEqual(10)
    expect(finding.advice.length).toBeGreaterThan(80)
  }
})

test('every oracle has a journal that it passes and one that it fails', () => {
  // A relation is of several runs, and one journal tells nothing of it.
  const ofOneRun = [...oracles.values()].filter(({ kind }) => kind !== 'relation')
  for (const { id } of ofOneRun)
    expect(all.filter(item => item.oracle === id).map(item => item.expected)).toEqual(
      expect.arrayContaining(['pass', 'fail']),
    )
})

test('the passing journals are passed by all other oracles too, or say nothing to them', () => {
  for (const { oracle, expected } of all.filter(item => item.expected === 'pass'))
    for (const other of oracles.values()) {
      if (!other.byDefault) continue
      const { findings } = judgeFile(oracle, expected, other.id)
      expect(
        findings.filter(({ severity }) => severity === 'fail'),
        `${other.id} on ${oracle}`,
      ).toEqual([])
    }
})

test('findings tell phase, numbers and the worst evidence first', () => {
  const told = all
    .filter(({ expected }) => expected !== 'pass')
    .flatMap(({ oracle, expected }) =>
      judgeFile(oracle, expected).findings.map(
        ({ severity, phase, message, evidence }) =>
          `${oracle} ${severity} in ${phase}: ${message} [${evidence.slice(0, 3).join(' ')}]`,
      ),
    )

  expect(told).toMatchInlineSnapshot(`
    [
      "settles fail in blackout: 2 of 3 tasks were not settled within 2m; 1 never settled: t3 was still open after 29m40s [t3 t2]",
      "retry-amplification warn in blackout: 3 attempts for each call to anthropic.api.messages in its outage from 0s to 10m (12 attempts of 4 calls); c1 alone made 3 [c1 c2 c3]",
      "retry-amplification fail in blackout: 6 attempts for each call to anthropic.api.messages in its outage from 0s to 10m (24 attempts of 4 calls); c1 alone made 6 [c1 c2 c3]",
      "retry-after-honoured fail in blackout: 1 retry came before the time the provider had named in retry-after; a2 came after 500ms where 429 had asked for 30s [a2]",
      "no-retry-on-permanent-errors fail in blackout: 2 attempts repeated a rejected request unchanged (after 2 × 400); a3 is attempt 3 of its call, 500ms after a 400 [a3 a2]",
      "truncated-is-not-success fail in blackout: 2 tasks returned the beginning of an answer as if it were whole (1 of them claimed success in so many words; how the last broken attempt ended: 2 cut) [t1 t2]",
      "failure-is-not-success fail in blackout: 2 failed tasks passed for a success: 1 a text that no model wrote for it, 1 an empty answer [t1 t2]",
      "recovers fail in healed: anthropic.api.messages was healthy from 10m on, but of 6 tasks begun 2m or more later only 0% settled ok, not 95% (6 failed); no later task got a good answer [t9 t8 t7]",
      "herd-at-restore warn in healed: 20 of the 100 calls that waited for anthropic.api.messages (20%) came back in one second, 7s after it healed at 10m; a jittered client of this size peaks at 18 or less [a2 a4 a6]",
      "herd-at-restore fail in healed: 50 of the 50 calls that waited for anthropic.api.messages (100%) came back in one second, 12s after it healed at 10m; a jittered client of this size peaks at 13 or less [a2 a4 a6]",
      "answers fail in blackout: 75% of 20 tasks were answered within 1m, not 95% (the others: 5 failed) [t16 t17 t18]",
      "bounded-attempts warn in blackout: 4 calls got more attempts than a call should; c1 was sent 4 times to anthropic.api.messages without an answer (4 529) [c1 c2 c3]",
      "bounded-attempts fail in blackout: 4 calls got more attempts than a call should; c1 was sent 6 times to anthropic.api.messages without an answer (6 529) [c1 c2 c3]",
      "no-hot-loop fail in blackout: 4 calls ran hot; c1 was sent 6 times in 800ms [c1 c2 c3]",
      "backoff-growth warn in blackout: the 2nd retry waits no longer than the 1st: 95% came within 1.98s, and within 1.95s before it (30 calls got that far) [a72 a60 a54]",
      "backoff-growth fail in blackout: the 2nd retry waits no longer than the 1st: 95% came within 2.97s, and within 2.93s before it (30 calls got that far) [a72 a60 a54]",
      "jitter-present warn in blackout: before the 1st retry 200 calls waited 871ms, give or take 7.8%; full jitter varies by 58% [a2 a4 a6]",
      "jitter-present fail in blackout: before the 1st retry 200 calls waited 1s, give or take 0%; full jitter varies by 58% [a2 a4 a6]",
      "cancelled-is-cancelled warn in blackout: 3 attempts for 3 tasks that had failed already; a2 was sent 1.5s after t1 had told its user so [a2 a4 a6]",
      "cancelled-is-cancelled fail in blackout: 3 attempts for 3 tasks that had failed already; a2 was sent 2.5s after t1 had told its user so [a2 a4 a6]",
      "synchronisation warn in blackout: 120 retries to anthropic.api.messages keep a beat of 40s (strength 1 of 1; without one it would be below 0.37) [a2 a4 a6]",
      "synchronisation fail in blackout: 120 retries to anthropic.api.messages keep a beat of 30s (strength 1 of 1; without one it would be below 0.37) [a2 a4 a6]",
      "ratelimit-reset-honoured warn in blackout: 40 attempts in the 1m before a limit of 10 a minute was to be whole again, 13 of them turned away beyond what may be tried (1 time in all) [a27 a28 a29]",
      "ratelimit-reset-honoured fail in blackout: 60 attempts in the 1m before a limit of 10 a minute was to be whole again, 31 of them turned away beyond what may be tried (1 time in all) [a27 a28 a29]",
      "stale-sockets-are-retried warn in blackout: 3 requests of 3 that met a stale connection fared badly; a1 was never sent again [a1 a2 a3]",
      "stale-sockets-are-retried fail in blackout: 3 requests of 3 that met a stale connection fared badly; a1 was sent again only after 20s [a1 a3 a5]",
      "fallback-is-valid fail in blackout: 3 requests sent to gpt at openai in place of claude at anthropic were turned down as unfit (3 × 400) [a12 a14 a16]",
      "fallback-independence warn in blackout: 2 tasks went to and fro; t1 came back 6 times to a provider that had failed it (8 attempts at anthropic and openai in 6.3s) [t1 t2]",
      "fallback-independence fail in blackout: 2 tasks went to and fro; t1 came back 10 times to a provider that had failed it (12 attempts at anthropic and openai in 10s) [t1 t2]",
      "fallback-spares-the-secondary warn in blackout: 40 attempts at gpt at openai within 39ms, from 1m on; the tasks of any one second make 20 or less [a12 a14 a16]",
      "fallback-spares-the-secondary fail in blackout: 40 attempts at gpt at openai within 39s, from 1.5s on; it is for 20 a minute [a12 a14 a16]",
      "contract-preserved fail in blackout: 3 tasks got the answer to another request: claude at anthropic was asked with 2 tools (a1), gpt at openai without [a2 a4 a6]",
      "slow-is-not-dead warn in blackout: 5 of 12 calls (41.7%) hung up on answers that were only slow, again and again; a1 of c1 was given up after 10s, and would have been whole after 20s [c1 c2 c3]",
      "slow-is-not-dead fail in blackout: 12 of 12 calls (100%) hung up on answers that were only slow, again and again; a1 of c1 was given up after 10s, and would have been whole after 20s [c1 c2 c3]",
      "fallback-fires fail in blackout: 3 tasks failed by anthropic went to nobody else (3 × 429) [t11 t12 t13]",
      "quiet-while-down fail in blackout: instance 0 sent 140 attempts to anthropic.api.messages while it was down from 0s to 10m, for 159 tasks; probes alone would be 45 or fewer [a21 a22 a23]",
      "breaker-opens fail in blackout: after 20 failures in a row the instance sent 5 further attempts to anthropic.api.messages within 5s [a21]",
      "bounded-half-open-probes warn in blackout: 12 attempts at once after 30s of silence in which 4 tasks were turned away, a6 first [a6 a7 a8]",
      "bounded-half-open-probes fail in blackout: 15 attempts at once after 30s of silence in which 4 tasks were turned away, a6 first [a6 a7 a8]",
      "breaker-spares-others warn in all-well: 4 tasks of other tenants were turned away though nothing but requests of tenant-1 had failed (400) [t9 t10 t11]",
      "breaker-spares-others fail in all-well: 4 tasks of other tenants were turned away though nothing but requests of tenant-1 had failed (400) [t9 t10 t11]",
      "right-blast-radius warn in api-down: when anthropic.chat came back at 10m, the app sent 40 attempts in a minute to anthropic.api.messages, which was still down (1 in the minute before) [a26 a27 a28]",
      "right-blast-radius fail in api-down: when anthropic.chat came back at 10m, the app sent 60 attempts in a minute to anthropic.api.messages, which was still down (1 in the minute before) [a26 a27 a28]",
      "time-to-detect warn in blackout: while anthropic.api.messages was down the first task that was not left to it came 3m2s after a1, not within 43s [a1]",
      "time-to-detect fail in blackout: while anthropic.api.messages was down the first task that was not left to it came 4m2s after a1, not within 43s [a1]",
      "fallback-only-when-allowed fail in blackout: 3 rejected requests went on to openai (after 3 × 400) [a2 a4 a6]",
      "cache-freshness warn in blackout: 3 tasks got an old answer without being told so; that of t1 was at least 20m old [t1 t2 t3]",
      "cache-freshness fail in blackout: 3 tasks got an old answer that should have expired; that of t1 was at least 2d old [t1 t2 t3]",
      "tenant-isolation fail in healed: 2 tasks got an answer made for another tenant; t2 of tenant-2 got that of tenant-1 [t2 t3]",
      "credential-isolation fail in blackout: 1 key sent to the wrong provider: The key of anthropic was sent to openai. [t1]",
      "returns-to-primary warn in healed: claude at anthropic gave 100% of the answers before the outage, but 0% of the 20 from 5m30s after it healed at 10m on (the others: 20 gpt at openai) [t55 t54 t53]",
      "returns-to-primary fail in healed: claude at anthropic gave 100% of the answers before the outage, but 50% of the 20 from 5m30s after it healed at 10m on (the others: 10 gpt at openai) [t55 t54 t53]",
      "none-lost fail in healed: 1 job vanished unanswered; that of t4 was gone from the list 11m55s after it was taken in, after the crash at 5m [t4]",
      "none-duplicated warn in healed: 1 job asked again for what had been answered (1 attempt); a2 for t1 was the first [a2]",
      "none-duplicated fail in healed: 1 job asked again for what had been answered (2 attempts); a2 for t1 was the first [a2 a3]",
      "order fail in blackout: 1 job was overtaken; t2 was served 10s after t3, which came later [t2]",
      "bounded-backlog fail in blackout: 7 jobs were open at 7.01s, not 6 at most; 1 job should have been refused [t7]",
      "drains-in-time warn in blackout: 1 job not done 5m after the outage; the last, of t2, ended 6m after it [t2]",
      "drains-in-time fail in blackout: 1 job not done 5m after the outage; 1 never came to an end [t2]",
      "poison-isolation warn in blackout: 1 job went on with a request that is rejected for good; that of t1 was sent 8 times in 4m40s, while 1 later job waited unbegun [t1]",
      "poison-isolation fail in blackout: 1 job went on with a request that is rejected for good; that of t1 was sent 9 times in 5m20s, while 1 later job waited unbegun [t1]",
      "breaker-does-not-flap warn in blackout: the breaker of claude in instance 0 opened 4 times within 1m, staying open for 10s each time, while 14.3% of the attempts failed [a7 a14 a21]",
      "breaker-does-not-flap fail in blackout: the breaker of claude in instance 0 opened 5 times within 1m20s, staying open for 10s each time, while 14.3% of the attempts failed [a7 a14 a21]",
      "cache-holds-only-answers fail in blackout: 2 texts in the cache are no whole answer (1 truncated written, 1 truncated read), the first written under k9 at 1m1s [t4 t5]",
      "retries-are-visible warn in blackout: 1 retry of which the app told nothing (in all 1 of 3, 33.3%; after 1 529); none came from the SDK underneath [a6]",
      "retries-are-visible fail in blackout: 2 retries of which the app told nothing (in all 2 of 3, 66.7%; after 2 529); none came from the SDK underneath [a4 a6]",
      "health-tells-the-truth warn in blackout: instance 0 called itself ready while all of its 60 tasks from 1.2s to 9m51s failed [t2 t3 t4]",
      "health-tells-the-truth fail in blackout: an orchestrator would restart the app in its provider’s outage: instance 0 was not live for 9m10s from 1m on [t7 t8 t9]",
      "tool-runs-once warn in blackout: 1 tool run for what had been done (1 charge); charge was run again in t1 4s after the first time, after an attempt had failed in between [t1]",
      "tool-runs-once fail in blackout: 1 tool run for what had been done (1 charge); charge was run again in t1 4s after the first time, under the same key charge-t1 [t1]",
      "credentials-survive warn in locked: 11 sign-ins of instance 0 were under way at once, at 5m1s; one would have done [a1 a2 a3]",
      "credentials-survive fail in healed: 10 users of instance 0 could do nothing any more after the way in had healed at 10m: 20 tasks failed for want of good credentials; it tried to sign in 0 times since [t2 t3 t4]",
      "model-comes-back fail in healed: claude at anthropic gave 100% of the answers before the outage, but instance 0 never asked for it again after a21 had got 404 at 5m; it healed at 10m, and 12 of 12 later tasks failed without it [t22 t23 t24]",
      "queue-survives-restart fail in blackout: 1 job lost with the process, of 1 that waited in one as it ended; that of t2, taken in at 5m, did not outlive the crash at 6m [t2]",
      "queue-is-fair fail in blackout: 95% of the 6 critical jobs of the backlog were done within 4m14s, of the 6 others within 1m15s [t12 t10 t8]",
      "expired-work-not-run fail in healed: 1 job worked on after being given up (1 attempt); that of t1 was expired at 6m and begun 5m later [t1]",
      "partial-tool-call-not-executed fail in blackout: 1 side effect on the word of a broken answer; a8 changed http.tickets 2.1s after a7 had ended as cut, 240 bytes in [a8]",
      "no-stitching fail in blackout: 2 tasks got a text in which an answer begins more than once; that of t2 begins 2 times (elsewhere once) [t2 t3]",
      "idle-timeout warn in blackout: 2 stalled answers of 2 held for more than 1m; a1 for 2m [a1 a2]",
      "idle-timeout fail in blackout: 2 stalled answers of 2 held for more than 1m; a1 for 5m [a1 a2]",
      "side-effects-once fail in blackout: 2 side effects done again (2 http.tickets); a2 had changed http.tickets for t1, a3 failed after it, and a5 did it once more 4s later [a5 a11]",
      "key-discipline fail in blackout: 1 request broke the rule of the idempotency key; a3 repeated the request under a new key after a2 [a3]",
      "cost-ceiling warn in healed: 2 answers paid for each of 20 calls; 20 of them more than once though nothing was lost, c1 2 times [c1 c2 c3]",
      "cost-ceiling fail in healed: 4 answers paid for each of 20 calls; 20 of them more than once though nothing was lost, c1 4 times [c1 c2 c3]",
      "goodput-ratio warn in blackout: of 50 good answers of anthropic.api.messages only 88% reached the app (the others: 6 aborted) [a1 a2 a3]",
      "goodput-ratio fail in blackout: of 50 good answers of anthropic.api.messages only 40% reached the app (the others: 30 aborted) [a1 a2 a3]",
      "fairness warn in blackout: tenant-2 got good answers to 10% of its 50 tasks in the outages, all 2 tenants together 45% (Jain’s index 0.62; first at 1s) [t12 t14 t16]",
      "fairness fail in blackout: tenant-2 got good answers to 0% of its 50 tasks in the outages, all 2 tenants together 40% (Jain’s index 0.5; first at 1s) [t2 t4 t6]",
      "return-to-baseline warn in healed: 3.8% of the 104 attempts from 12m on, long after the outage, were retries [a3 a5 a7]",
      "return-to-baseline fail in healed: 9.1% of the 110 attempts from 12m on, long after the outage, were retries [a3 a5 a7]",
      "alert-fires fail in blackout: no alert fired within 5m of t1: the first, “AssistantErrors”, came 6m59s after it [t1]",
    ]
  `)
})

function judgeFile(fixture: string, level: string, oracleId = fixture): Judgement {
  const lines = readFileSync(fileOf(fixture, level), 'utf8').trimEnd().split('\n')
  const events = lines.map(line => JSON.parse(line) as JournalEvent)
  const oracle = oracles.get(oracleId)
  const made = all.find(item => item.oracle === fixture && item.expected === level)
  if (!oracle || !made) throw new Error(`no oracle ${oracleId}, or no journal ${fixture}.${level}`)
  const params = oracleId === fixture ? (made.params ?? {}) : {}
  return oracle.judge(viewJournal(events), faultParams(oracle.params, params), made.journal.plan)
}
