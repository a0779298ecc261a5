import { rollUpContract } from '../../contracts/roll-ups.ts'
import { onBothDatabases } from './recordings-world.ts'

onBothDatabases(rollUpContract)
