import { type CheckSpec, check as kind } from '../../core/actions/kinds/check.ts';
import { checkAll } from '../checks/check-list.ts';
import { doneWith, plainPreview } from '../checks/result.ts';
import type { StructuredKind } from './structured.ts';

export const check: StructuredKind<CheckSpec> = {
  kind,
  async preview({ spec }) {
    return plainPreview(kind.describe({ ...spec }));
  },
  async act(context) {
    const { spec, progress } = context;
    const total = spec.checks.length;
    const result = await checkAll(context, spec, (done) =>
      progress({ label: 'Checking', done, total, unit: 'objects' }),
    );
    return doneWith(context, result);
  },
};
