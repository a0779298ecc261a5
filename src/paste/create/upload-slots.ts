import { AppError, createSemaphore, type Semaphore } from '../../core/index.ts'

/** Bounds how many uploads run at once; `upload_capacity` for one more. */
export type UploadSlots = Pick<Semaphore, 'run' | 'held'>

/** Slots for `places` uploads. Nothing queues, because a waiting upload holds its connection and memory too. */
export function createUploadSlots(places: number): UploadSlots {
  const refusal = () =>
    new AppError('upload_capacity', { detail: `${places} uploads are under way. Try again in a moment.` })
  return createSemaphore({ permits: places, queueLength: 0, refusal })
}
