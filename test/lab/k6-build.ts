// `node test/lab/k6-build.ts`: builds k6 from the Go module proxy into the folder of tools, unless it is there, and
// says where it is.
import { buildGoProgram, goProgramFile } from '../services/go.ts'
import { K6 } from './k6.ts'

const failure = buildGoProgram(K6)
if (failure) {
  process.stderr.write(`k6 could not be built: ${failure}\n`)
  process.exit(1)
}
process.stdout.write(`${goProgramFile(K6)}\n`)
