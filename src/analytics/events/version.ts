/** The version of events that this release writes. A reader skips and counts events of another one. */
export const EVENT_VERSION = 1
