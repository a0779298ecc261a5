import { beforeAll, describe, expect, test } from 'vitest'
import { whenService } from '../../services/index.ts'
import { at, type Manifest, OVERLAYS, parseYaml, render } from './render.ts'
import { isPeer, type Labels, NAME, type Peer, type Pod, type Selector, selects } from './select.ts'

const COMPONENT = 'app.kubernetes.io/component'
const WORKLOADS = ['Deployment', 'StatefulSet', 'Job']

type Rule = { to?: Peer[]; from?: Peer[]; ports?: { port: number | string; protocol: string }[] }

/** Pods of the cluster's own parts, with the labels that they have everywhere. */
const system = (namespace: string, labels: Labels): Pod => ({ labels, namespace: { [NAME]: namespace } })
const DNS = system('kube-system', { 'k8s-app': 'kube-dns' })
const CONTROLLER = system('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx' })
const PROMETHEUS = system('monitoring', { 'app.kubernetes.io/name': 'prometheus' })
const STRANGER = system('default', { 'app.kubernetes.io/name': 'paste' })

whenService(['kustomize', 'kubernetes-validate'], (tools) => {
  describe.each(OVERLAYS)('what the manifests select, %s', (overlay) => {
    let manifests: Manifest[]
    const here = () => ({ [NAME]: String(at(manifests[0], 'metadata.namespace')) })
    const pods = () =>
      manifests
        .filter(({ kind }) => WORKLOADS.includes(kind))
        .map((workload) => ({
          name: workload.metadata.name,
          labels: at(workload, 'spec.template.metadata.labels') as Labels,
          namespace: here(),
        }))
    const named = (selector: Selector) =>
      pods()
        .filter(({ labels }) => selects(selector, labels))
        .map(({ name }) => name)
        .sort()
    const of = (kind: string) => manifests.filter((one) => one.kind === kind)
    const policy = (name: string) => of('NetworkPolicy').find(({ metadata }) => metadata.name === name)
    const allows = (rules: unknown, side: 'to' | 'from', pod: Pod) =>
      (rules as Rule[]).filter((rule) => rule[side]?.some((peer) => isPeer(peer, pod, here())))

    beforeAll(async () => {
      const yaml = await render(tools.kustomize.path, overlay)
      manifests = await parseYaml<Manifest>(tools['kubernetes-validate'].path, yaml)
    })

    test('every service has the pods of one workload, and every budget too', () => {
      expect(of('Service').length).toBeGreaterThan(1)
      for (const service of of('Service')) {
        expect(named({ matchLabels: at(service, 'spec.selector') as Labels }), service.metadata.name).toHaveLength(1)
      }
      for (const budget of of('PodDisruptionBudget'))
        expect(named(at(budget, 'spec.selector') as Selector)).toEqual(['paste'])
    })

    test('every workload has its own pods and no other’s', () => {
      for (const workload of manifests.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))) {
        expect(named(at(workload, 'spec.selector') as Selector)).toEqual([workload.metadata.name])
      }
    })

    test('the policy of the service is for replicas and migrations', () => {
      const chosen = named(at(policy('paste'), 'spec.podSelector') as Selector)
      expect(chosen).toEqual(overlay === 'dev' ? ['paste'] : ['paste', 'paste-migrate'])
    })

    test('replicas reach the cluster’s DNS, by UDP and TCP', () => {
      const rules = allows(at(policy('paste'), 'spec.egress'), 'to', DNS)
      const open = rules.flatMap(({ ports = [] }) => ports.map(({ protocol, port }) => `${protocol} ${port}`))
      expect(open).toEqual(expect.arrayContaining(['UDP 53', 'TCP 53']))
    })

    test('the ingress controller and Prometheus reach replicas, and nobody else does', () => {
      const rules = at(policy('paste'), 'spec.ingress')
      for (const pod of [CONTROLLER, PROMETHEUS]) expect(allows(rules, 'from', pod)).toHaveLength(1)
      expect(allows(rules, 'from', STRANGER)).toEqual([])
    })

    // Production's backends are elsewhere.
    if (overlay !== 'dev') return

    test('replicas reach every backend, and nobody else does', () => {
      const backends = policy('backends')
      expect(named(at(backends, 'spec.podSelector') as Selector)).toEqual(['mysql', 'redis', 'store'])
      const replica = pods().find(({ labels }) => labels[COMPONENT] === 'replica')
      expect(allows(at(backends, 'spec.ingress'), 'from', replica as Pod)).toHaveLength(1)
      expect(allows(at(backends, 'spec.ingress'), 'from', STRANGER)).toEqual([])
    })
  })
})
