/**
 * An INSERT or UPDATE met a row with the same unique key; nothing was changed. It does not name the key, because
 * each engine names keys its own way.
 */
export class DuplicateKey extends Error {
  constructor(cause?: unknown) {
    super('a row with this key exists', { cause })
    this.name = 'DuplicateKey'
  }
}

/**
 * A write was sent and its answer never came: it may or may not have taken effect. The caller re-reads the row before it
 * answers.
 */
export class OutcomeUnknown extends Error {
  constructor(cause?: unknown) {
    super('the database did not answer a write', { cause })
    this.name = 'OutcomeUnknown'
  }
}
