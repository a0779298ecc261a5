import { expect } from 'vitest'
import type { Service } from '../../service/support/service.ts'

/** Fails unless the paste was deleted. */
export async function expectGone(service: Service, slug: string): Promise<void> {
  expect((await service.request(`GET /raw/${slug}`)).status).toBe(410)
}
