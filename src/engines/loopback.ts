export { isLoopback } from '../lib/loopback.ts'
