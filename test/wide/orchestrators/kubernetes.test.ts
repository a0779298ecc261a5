import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { SETTINGS } from '../../../src/settings/config.ts'
import { whenService } from '../../services/index.ts'
import { at, type Manifest, OVERLAYS, parseYaml, render } from './render.ts'

/** How long the service takes to stop at most (src/server.ts). */
const STOP_SECONDS = 30
/** The user of the image (Dockerfile). */
const USER = 1000

const COMPONENT = 'app.kubernetes.io/component'
const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

whenService(['kustomize', 'kubernetes-validate'], (tools) => {
  describe.each(OVERLAYS)('config/kubernetes, %s', (overlay) => {
    let yaml: string
    let manifests: Manifest[]
    beforeAll(async () => {
      yaml = await render(tools.kustomize.path, overlay)
      manifests = await parseYaml<Manifest>(tools['kubernetes-validate'].path, yaml)
    })
    const find = (kind: string, name = 'paste') => {
      const found = manifests.find((one) => one.kind === kind && one.metadata.name.startsWith(name))
      if (found === undefined) throw new Error(`there is no ${kind} ${name}`)
      return found
    }
    const workloads = () => manifests.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    const podOf = (workload: unknown) => at(workload, 'spec.template.spec')
    const replica = () => at(podOf(find('Deployment')), 'containers.0')

    test('is what the API of Kubernetes takes', async () => {
      const run = promisify(execFile)(tools['kubernetes-validate'].path, ['--strict', '-'])
      run.child.stdin?.end(yaml)
      await expect(run).resolves.toBeDefined()
    })

    test('holds no secret', () => {
      expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([])
      expect(yaml).not.toMatch(/(password|secret|token)\w*: [a-z0-9]{20}/i)
    })

    test('confines every container as far as Kubernetes can', () => {
      for (const workload of workloads()) {
        const pod = podOf(workload)
        expect(at(pod, 'automountServiceAccountToken'), workload.metadata.name).toBe(false)
        expect(at(pod, 'securityContext')).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        })
        for (const container of at(pod, 'containers') as unknown[]) {
          expect(at(container, 'securityContext')).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          })
          expect(at(container, 'resources.limits.memory')).toBeDefined()
        }
      }
    })

    test('runs as the user of the image', () => {
      expect(source('Dockerfile')).toMatch(new RegExp(`^USER ${USER}:${USER}$`, 'm'))
      expect(at(podOf(find('Deployment')), 'securityContext')).toMatchObject({ runAsUser: USER, fsGroup: USER })
    })

    test('lets a replica finish: the time it is given covers the pause before the signal and the stop', () => {
      expect(source('src/server.ts')).toContain(`STOP_MS = ${STOP_SECONDS}_000`)
      const pause = Number(at(replica(), 'lifecycle.preStop.sleep.seconds'))
      expect(pause).toBeGreaterThanOrEqual(3)
      expect(at(podOf(find('Deployment')), 'terminationGracePeriodSeconds')).toBeGreaterThanOrEqual(
        pause + STOP_SECONDS,
      )
    })

    test('asks only what the service answers', () => {
      const routes = source('src/platform/service-routes.ts')
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
        expect(routes).toContain(`'${at(replica(), `${probe}.httpGet.path`)}'`)
        expect(at(replica(), `${probe}.httpGet.port`)).toBe(at(replica(), 'ports.0.name'))
      }
      expect(at(replica(), 'livenessProbe.httpGet.path')).toBe('/health/live')
      expect(at(replica(), 'ports.0.containerPort')).toBe(Number(/PORT=(\d+)/.exec(source('Dockerfile'))?.[1]))
    })

    test('tells the service nothing but settings that it has, and secrets as files that are mounted', () => {
      const known = new Set(Object.values(SETTINGS).map(({ variable }) => variable))
      const secrets = new Set(Object.values(SETTINGS).flatMap(({ variable, secret }) => (secret ? [variable] : [])))
      const given = find('ConfigMap').data as Record<string, string>
      const mounted = at(podOf(find('Deployment')), 'volumes.0.secret.items') as { path: string }[]
      const folder = at(replica(), 'volumeMounts.0.mountPath')
      const files = mounted.map(({ path }) => `${folder}/${path}`)
      for (const [name, value] of Object.entries(given)) {
        const variable = name.replace(/_FILE$/, '')
        expect(known).toContain(variable)
        if (name === variable) continue
        expect(secrets).toContain(variable)
        expect(files).toContain(value)
      }
      expect(at(replica(), 'envFrom.0.configMapRef.name')).toBe(find('ConfigMap').metadata.name)
    })

    test('selects replicas wherever it means them, and the migration nowhere', () => {
      const labels = at(find('Deployment'), 'spec.template.metadata.labels') as Record<string, string>
      expect(labels[COMPONENT]).toBe('replica')
      const selectors = [
        at(find('Deployment'), 'spec.selector.matchLabels'),
        at(find('Service'), 'spec.selector'),
        at(find('Service', 'paste-replicas'), 'spec.selector'),
        at(find('PodDisruptionBudget'), 'spec.selector.matchLabels'),
        at(podOf(find('Deployment')), 'topologySpreadConstraints.0.labelSelector.matchLabels'),
      ]
      for (const selector of selectors) expect(labels).toMatchObject(selector as object)
      for (const selector of selectors) expect(selector).toHaveProperty([COMPONENT], 'replica')
    })

    test('sends requests to a port that exists', () => {
      const port = at(find('Ingress'), 'spec.rules.0.http.paths.0.backend.service.port.name')
      expect(at(find('Service'), 'spec.ports.0')).toMatchObject({
        name: port,
        targetPort: at(replica(), 'ports.0.name'),
      })
    })

    test('takes no replica away that the others would miss, and never stands in the way of emptying a node', () => {
      expect(at(find('PodDisruptionBudget'), 'spec.maxUnavailable')).toBe(1)
      expect(at(find('Deployment'), 'spec.strategy.rollingUpdate.maxUnavailable')).toBe(0)
    })

    test('lets replicas reach every backend that they are told of', () => {
      const rules = at(find('NetworkPolicy'), 'spec.egress') as { ports: { port: number }[] }[]
      const open = rules.flatMap(({ ports }) => ports.map(({ port }) => port))
      const store = new URL(String(at(find('ConfigMap'), 'data.S3_ENDPOINT')))
      expect(open).toEqual(expect.arrayContaining([53, 3306, 6379, Number(store.port || 443)]))
    })
  })

  describe('config/kubernetes, production only', () => {
    test('has three replicas at least, and leaves their number to the autoscaler', async () => {
      const yaml = await render(tools.kustomize.path, 'production')
      const manifests = await parseYaml<Manifest>(tools['kubernetes-validate'].path, yaml)
      const autoscaler = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler')
      const deployment = manifests.find(({ kind }) => kind === 'Deployment')
      expect(at(autoscaler, 'spec.minReplicas')).toBeGreaterThanOrEqual(3)
      expect(at(autoscaler, 'spec.scaleTargetRef.name')).toBe(deployment?.metadata.name)
      expect(at(deployment, 'spec.replicas')).toBeUndefined()
    })

    test('migrates with the image that rolls out', async () => {
      const yaml = await render(tools.kustomize.path, 'production')
      const images = [...yaml.matchAll(/image: (\S+)/g)].map(([, image]) => image)
      expect(new Set(images).size).toBe(1)
      expect(images).toHaveLength(2)
    })
  })
})
