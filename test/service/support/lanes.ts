import { describe } from 'vitest'
import { whenService } from '../../services/index.ts'
import { embedded, shared } from './backing.ts'
import { type Service, useService } from './service.ts'

/**
 * Registers a suite twice: for the service with everything embedded, and on a database server, S3 and Redis. The same requests
 * get the same answers; `lane` is for what is too long to be done twice.
 */
export function onBothLanes(
  name: string,
  body: (service: Service, lane: 'embedded' | 'shared') => void,
  settings: Record<string, string> = {},
): void {
  describe(`${name}, embedded`, () => body(useService(settings, embedded), 'embedded'))
  whenService(['sql', 's3', 'redis'], (servers) => {
    describe(`${name}, with S3 and Redis`, () =>
      body(
        useService(settings, () => shared(servers)),
        'shared',
      ))
  })
}

/** Registers a suite for the service with everything embedded: for answers that are given before a backend is asked. */
export function onEmbedded(
  name: string,
  body: (service: Service) => void,
  settings: Record<string, string> = {},
): void {
  describe(name, () => body(useService(settings, embedded)))
}
