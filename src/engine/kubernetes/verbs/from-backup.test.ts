import { expect, it } from 'vitest';
import { fromBackup } from './from-backup.ts';

it('leaves out what the cluster makes again, and says why', () => {
  const pod = (name: string, controller: boolean) => ({
    kind: 'Pod',
    metadata: {
      name,
      ownerReferences: [{ kind: 'ReplicaSet', name: 'api-1', uid: 'u', controller }],
    },
  });
  const { objects, left } = fromBackup([
    pod('api-1-x', true),
    pod('by-hand', false),
    { kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name: 'token' } },
    { kind: 'Secret', type: 'Opaque', metadata: { name: 'db' }, data: { password: 'eA==' } },
    { kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' } },
    { kind: 'PersistentVolume', metadata: { name: 'pv-1' } },
    { kind: 'Endpoints', metadata: { name: 'api' } },
  ]);
  expect(objects.map(({ metadata }) => metadata.name)).toEqual(['by-hand', 'db']);
  expect(objects[0]?.metadata.ownerReferences).toBeUndefined();
  expect(left).toEqual([
    'pod/api-1-x: ReplicaSet api-1 makes it again',
    'secret/token: its service account gets another token',
    'configmap/kube-root-ca.crt: each cluster has its own',
    'persistentvolume/pv-1: its disk is not in the backup; a claim gets another one',
    'endpoints/api: its Service makes it again',
  ]);
});

it('takes away what names things that are gone, and keeps the rest as it is', () => {
  const { objects } = fromBackup([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'api',
        creationTimestamp: '2026-03-29T00:00:00Z',
        selfLink: '/api/v1/services/api',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'physics' },
      },
      spec: { clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'], ports: [{ port: 80 }] },
      status: { loadBalancer: {} },
    },
    {
      kind: 'Service',
      metadata: { name: 'headless' },
      spec: { clusterIP: 'None', clusterIPs: ['None'] },
    },
    {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'models', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { accessModes: ['ReadWriteMany'], volumeName: 'pv-7' },
      status: { phase: 'Bound' },
    },
  ]);
  expect(objects).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'api', annotations: { team: 'physics' } },
      spec: { ports: [{ port: 80 }] },
    },
    { kind: 'Service', metadata: { name: 'headless' }, spec: { clusterIP: 'None' } },
    {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'models' },
      spec: { accessModes: ['ReadWriteMany'] },
    },
  ]);
});
