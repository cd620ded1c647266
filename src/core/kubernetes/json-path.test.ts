import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonPath, textAt } from './json-path.ts';
import { nearNames } from './near-names.ts';

const object = {
  metadata: { name: 'orders', labels: { 'app.kubernetes.io/name': 'orders' } },
  spec: {
    replicas: 2,
    containers: [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'y' },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
};

describe('JSON paths', () => {
  test.each([
    ['{.metadata.name}', 'orders'],
    ['.spec.replicas', '2'],
    ['$.spec.replicas', '2'],
    ["{.metadata.labels['app.kubernetes.io/name']}", 'orders'],
    ['{.metadata.labels.app\\.kubernetes\\.io/name}', 'orders'],
    ['{.spec.containers[0].name}', 'a'],
    ['{.spec.containers[-1].name}', 'b'],
    ['{.spec.containers[*].image}', 'x y'],
    ['{.status.conditions[?(@.type=="Ready")].status}', 'True'],
    ["{.status.conditions[?(@.type!='Ready')].type}", 'Other'],
    ['{.spec.absent.deep}', ''],
    ['{.constructor}', ''],
    ['{.metadata}', JSON.stringify(object.metadata)],
  ])('%s is %s', (path, expected) => {
    const read = readJsonPath(path);
    expect(read.ok && textAt(object, read.parts)).toBe(expected);
  });

  test('never throw, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}.[]*?@()"=! ab0-\\'.split('')) }),
        (path) => {
          const read = readJsonPath(path);
          if (read.ok) textAt(object, read.parts);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('near names are the likeliest first', () => {
  expect(nearNames('order', ['payments', 'orders', 'orders-db', 'border'])).toEqual([
    'border',
    'orders',
    'orders-db',
  ]);
  expect(nearNames('deploiments', ['deployments', 'pods'])).toEqual(['deployments']);
  expect(nearNames('x', [])).toEqual([]);
});
