import type { AnswerOptions, ErrorKind } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { errorMs } from '../pace.ts'
import type { RenderContext, Respond } from '../provider.ts'
import { retryHeaders } from '../retry-after.ts'
import { type Exception, exceptionNamed } from './exceptions.ts'
import { amznHeaders } from './headers.ts'

/** What Bedrock calls each kind of error; `undefined` where only what stands in front of it can speak. */
const known: Readonly<Record<ErrorKind, Exception | undefined>> = {
  overloaded: exceptionNamed('ServiceUnavailableException', 'Too many connections, please wait before trying again.'),
  'rate-limited': exceptionNamed('ThrottlingException'),
  unavailable: exceptionNamed('ServiceUnavailableException'),
  'internal-error': exceptionNamed('InternalServerException'),
  'bad-gateway': undefined,
  'gateway-timeout': exceptionNamed('ModelTimeoutException'),
  unauthorized: exceptionNamed('UnrecognizedClientException'),
  forbidden: exceptionNamed('AccessDeniedException'),
  'model-missing': exceptionNamed('ResourceNotFoundException'),
  'bad-request': exceptionNamed('ValidationException'),
  'too-large': exceptionNamed('ValidationException', 'Input is too long for requested model.'),
  'origin-error': undefined,
  // There is no bill to pay: what is used up is the day's allowance.
  quota: exceptionNamed('ThrottlingException', 'Too many tokens per day, please wait before trying again.'),
}

/** One of Bedrock's errors, in its own words or in those of the load balancer in front of it. */
export function errorAnswer(kind: ErrorKind, options: AnswerOptions, context: RenderContext): Respond {
  const exception = known[kind]
  const body = options.body ?? (exception === undefined ? 'html' : 'json')
  if (body === 'json') {
    const said = exception ?? exceptionNamed('InternalServerException')
    const status = frontStatus(options.status ?? said.status)
    return exceptionAnswer({ ...said, status, message: options.message ?? said.message }, options, context)
  }
  const status = frontStatus(options.status ?? (kind === 'gateway-timeout' ? 504 : (exception?.status ?? 502)))
  const text = body === 'empty' ? '' : body === 'text' ? (options.message ?? title(status)) : page(status)
  const afterMs = options.afterMs ?? errorMs('edge', context.draw('error-pace'))
  const headers = {
    ...(text === '' ? { 'content-length': '0' } : contentHeaders(body === 'text' ? 'text/plain' : 'text/html', text)),
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  return respond(status, headers, text, afterMs)
}

/** An exception with its own status: `x-amzn-errortype` names it, the body has its words. */
export function exceptionAnswer({ name, status, message }: Exception, options: AnswerOptions, context: RenderContext) {
  const text = JSON.stringify({ message })
  const afterMs = options.afterMs ?? errorMs('api', context.draw('error-pace'))
  const headers = {
    ...contentHeaders('application/json', text),
    ...amznHeaders(context),
    'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  return respond(status, headers, text, afterMs)
}

/** The statuses from 520 on, but for 529, are Cloudflare's, which does not stand before Bedrock. */
function frontStatus(status: number): number {
  if (status < 520 || status > 530 || status === 529) return status
  return status === 522 || status === 524 ? 504 : 502
}

const titles: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

function title(status: number): string {
  return `${status} ${titles[status] ?? 'Error'}`
}

/** The page of an AWS load balancer. */
function page(status: number): string {
  const name = title(status)
  return `<html>\r\n<head><title>${name}</title></head>\r\n<body>\r\n<center><h1>${name}</h1></center>\r\n</body>\r\n</html>\r\n`
}

function respond(status: number, headers: Readonly<Record<string, string>>, body: string, afterMs: number): Respond {
  const chunks = body === '' ? [] : [{ afterMs: 0, data: body }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}
