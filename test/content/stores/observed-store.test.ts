import { expect, test } from 'vitest'
import { createObservedStore } from '../../../src/content/index.ts'
import { describeObjectStore, putObject, randomKey } from '../../contracts/object-store.ts'
import { createMemoryStore } from './memory-store.ts'

const straight = <Result>(_part: string, _operation: string, call: () => Promise<Result>) => call()

describeObjectStore('a store that is observed', async () => createObservedStore(createMemoryStore(), straight))

test('every call of a store that moves or removes bytes is observed, failures included', async () => {
  const seen: string[] = []
  const store = createObservedStore(createMemoryStore(), (part, operation, call) => {
    seen.push(`${part} ${operation}`)
    return call()
  })
  const key = randomKey()
  await putObject(store, key, Buffer.from('bytes'))
  await store.read(key, 0, 5)
  await store.remove(key)
  await expect(store.read(key, 0, 5)).rejects.toMatchObject({ code: 'blob_missing' })
  expect(seen).toEqual(['store write', 'store commit', 'store read', 'store remove', 'store read'])
})
