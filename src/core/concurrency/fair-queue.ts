/** Items that wait for their turn, shared by client: clients take turns, however many items each has. */
export type FairQueue<Item> = {
  /**
   * Adds an item. When the queue is full, the newest item of the client with the most gives way and is returned: it
   * may be the one just added.
   */
  push(client: string, item: Item): Item | undefined
  /** Takes out the oldest item of the client whose turn it is; undefined when nothing waits. */
  shift(): Item | undefined
  /** Takes out an item that no longer waits; false when it isn't there. */
  remove(item: Item): boolean
  readonly size: number
}

/** An empty queue of at most `capacity` items. */
export function createFairQueue<Item>(capacity: number): FairQueue<Item> {
  // In the order of turns: whose turn is over goes to the end.
  const byClient = new Map<string, Item[]>()
  let size = 0

  function dropFromLargest(): Item | undefined {
    let largest: Item[] = []
    let owner = ''
    // The last of equals: who came first keeps what it has.
    for (const [client, items] of byClient) if (items.length >= largest.length) [owner, largest] = [client, items]
    const dropped = largest.pop()
    if (largest.length === 0) byClient.delete(owner)
    size--
    return dropped
  }

  return {
    push(client, item) {
      const items = byClient.get(client)
      if (items) items.push(item)
      else byClient.set(client, [item])
      size++
      return size > capacity ? dropFromLargest() : undefined
    },
    shift() {
      for (const [client, items] of byClient) {
        const item = items.shift()
        byClient.delete(client)
        if (items.length > 0) byClient.set(client, items)
        size--
        return item
      }
      return undefined
    },
    remove(item) {
      for (const [client, items] of byClient) {
        const place = items.indexOf(item)
        if (place < 0) continue
        items.splice(place, 1)
        if (items.length === 0) byClient.delete(client)
        size--
        return true
      }
      return false
    },
    get size() {
      return size
    },
  }
}
