export { vitessSteps } from './migration.ts'
export { askKeyspace, isVitess, leadsToVitess } from './vitess.ts'
