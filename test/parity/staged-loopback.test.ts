import { holdsStagedParity } from '../support/parity/staged.ts'

holdsStagedParity('loopback')
