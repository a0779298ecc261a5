export { claim } from './claim.ts'
export { authorised, type EditDeps, madeAt, remove, replace, update } from './edit.ts'
export { sweepablePastes } from './sweep.ts'
