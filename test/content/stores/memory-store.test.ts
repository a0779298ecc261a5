import { describeObjectStore } from '../../contracts/object-store.ts'
import { createMemoryStore } from './memory-store.ts'

describeObjectStore('memory, the reference', async () => createMemoryStore())
