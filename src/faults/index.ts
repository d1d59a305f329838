import type { Fault } from '../model/fault.ts'
import { answer } from './answer.ts'
import { badGateway } from './bad-gateway.ts'
import { badRequest } from './bad-request.ts'
import { blackHole } from './black-hole.ts'
import { brownout } from './brownout.ts'
import { connectStall } from './connect-stall.ts'
import { dns } from './dns.ts'
import { emptyAnswer } from './empty-answer.ts'
import { forbidden } from './forbidden.ts'
import { gatewayTimeout } from './gateway-timeout.ts'
import { idleClose } from './idle-close.ts'
import { internalError } from './internal-error.ts'
import { lostResponse } from './lost-response.ts'
import { malformedJson } from './malformed-json.ts'
import { modelMissing } from './model-missing.ts'
import { noMessageStop } from './no-message-stop.ts'
import { oddEvent } from './odd-event.ts'
import { originError } from './origin-error.ts'
import { overloaded } from './overloaded.ts'
import { pingOnly } from './ping-only.ts'
import { quota } from './quota.ts'
import { rateLimited } from './rate-limited.ts'
import { refused } from './refused.ts'
import { reset } from './reset.ts'
import { slowFirstByte } from './slow-first-byte.ts'
import { slowTokens } from './slow-tokens.ts'
import { streamCut } from './stream-cut.ts'
import { streamError } from './stream-error.ts'
import { streamStall } from './stream-stall.ts'
import { tls } from './tls.ts'
import { tooLarge } from './too-large.ts'
import { truncatedJson } from './truncated-json.ts'
import { unauthorized } from './unauthorized.ts'
import { unavailable } from './unavailable.ts'
import { wrongAnswer } from './wrong-answer.ts'
import { wrongType } from './wrong-type.ts'

const table: readonly Fault[] = [
  overloaded,
  rateLimited,
  unavailable,
  internalError,
  badGateway,
  gatewayTimeout,
  unauthorized,
  forbidden,
  modelMissing,
  badRequest,
  tooLarge,
  originError,
  quota,
  answer,
  refused,
  dns,
  tls,
  reset,
  blackHole,
  connectStall,
  slowFirstByte,
  slowTokens,
  streamCut,
  streamStall,
  pingOnly,
  streamError,
  noMessageStop,
  oddEvent,
  malformedJson,
  truncatedJson,
  wrongType,
  emptyAnswer,
  wrongAnswer,
  lostResponse,
  brownout,
  idleClose,
]

/** Every fault that ships, by id. */
export const faults: ReadonlyMap<string, Fault> = new Map(table.map(fault => [fault.id, fault]))
