/** Labels of a pod or a namespace. */
export type Labels = Readonly<Record<string, string>>

/** A label selector of Kubernetes. */
export type Selector = {
  matchLabels?: Labels
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

/** One side of a rule of a NetworkPolicy: pods, of this namespace or of those that are selected. */
export type Peer = { namespaceSelector?: Selector; podSelector?: Selector }

/** A pod as a rule sees it, and the namespace that it is in. */
export type Pod = { labels: Labels; namespace: Labels }

/** Whether a selector chooses what has these labels; an empty one chooses everything. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  const equal = Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
  return equal && matchExpressions.every((expression) => meets(expression, labels))
}

/** Whether a peer of a rule in `namespace` is this pod. */
export function isPeer({ namespaceSelector, podSelector }: Peer, pod: Pod, namespace: Labels): boolean {
  const inside = namespaceSelector
    ? selects(namespaceSelector, pod.namespace)
    : NAME in namespace && pod.namespace[NAME] === namespace[NAME]
  return inside && selects(podSelector ?? {}, pod.labels)
}

/** The label with its name that every namespace has. */
export const NAME = 'kubernetes.io/metadata.name'

function meets(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Labels,
): boolean {
  const value = labels[key]
  if (operator === 'In') return value !== undefined && values.includes(value)
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  throw new Error(`no operator ${operator}`)
}
