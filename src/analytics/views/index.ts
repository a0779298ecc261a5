export { CHANGES, type Change, countView, type DayCounters, type ViewKind } from './counters.ts'
export { type FoldableViews, foldableViews } from './fold.ts'
export {
  addDays,
  type DaySum,
  decodeHistory,
  emptyHistory,
  type History,
  isHistory,
  mergeRows,
  rowName,
} from './history.ts'
export { createViewKeeper, type ViewKeeper } from './keeper.ts'
export { createViewRows, type ViewRows } from './rows.ts'
export { createSalts, type Salts } from './salts.ts'
export { DAY_MS, dayOf, KEPT_DAYS, SYSTEM_SLUG, type ViewTables } from './tables.ts'
export { createVisitors, type Visitor, type Visitors } from './visitor-hash.ts'
export { countryOf, loadIsBot, referrerHost } from './visitor-kind.ts'
