// A process of its own for one pair: prints the hash of its journal.
import { runPair } from './fleet.ts'

const [client = '', scenario = '', part = '1'] = process.argv.slice(2)
const { journalHash } = await runPair(client, scenario, { part: Number(part) })
process.stdout.write(journalHash)
