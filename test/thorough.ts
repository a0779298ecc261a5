/** How many random cases a property is tried with: all of them, or in `npm run test:unit` every thirtieth. */
export function thoroughly(cases: number): number {
  return process.env.TEST_LANE === 'unit' ? Math.ceil(cases / 30) : cases
}
