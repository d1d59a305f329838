import { onLoopback } from '../support/parity/engines.ts'
import { holdsParity } from '../support/parity/suite.ts'

holdsParity('loopback', onLoopback)
