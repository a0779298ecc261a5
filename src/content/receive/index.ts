export { pack } from './pack.ts'
export { type ReceiveOptions, receive } from './receive.ts'
