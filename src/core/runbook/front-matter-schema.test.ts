import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frontMatterJsonSchema } from './front-matter-schema.ts';

const file = join(import.meta.dirname, '..', '..', '..', 'resources', 'runbook.schema.json');

/** Every property below, as a path. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties') return undescribed(value, `${path}/${key}`);
    return Object.entries(value as Record<string, { description?: string }>).flatMap(
      ([name, property]) => [
        ...(property.description === undefined ? [`${path}/${name}`] : []),
        ...undescribed(property, `${path}/${name}`),
      ],
    );
  });
}

describe('the published schema', () => {
  it('is that of the front matter; npm run schema writes it anew', () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(frontMatterJsonSchema());
  });

  it('describes every key', () => {
    expect(undescribed(frontMatterJsonSchema(), '')).toEqual([]);
  });
});
