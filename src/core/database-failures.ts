/**
 * An INSERT or UPDATE met a row with the same unique key; nothing was changed. Which key it was is not said, because
 * the engines name keys differently.
 */
export class DuplicateKey extends Error {
  constructor(cause?: unknown) {
    super('a row with this key exists', { cause })
    this.name = 'DuplicateKey'
  }
}

/**
 * A statement that writes was sent and its answer never came: it may or may not have been carried out. The caller
 * re-reads the row before it promises anything.
 */
export class OutcomeUnknown extends Error {
  constructor(cause?: unknown) {
    super('the database did not answer a write', { cause })
    this.name = 'OutcomeUnknown'
  }
}
