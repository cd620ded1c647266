import type { Login } from './observer.ts';
import type { Place } from './place.ts';

/** Targets for the range, added as an operator would: on the command line, secrets by reference. */

const KEYS = ['--access-key', 'env:RANGE_ACCESS_KEY', '--secret-key', 'env:RANGE_SECRET_KEY'];

/** The cluster with the first site, and a database where there is one; `through` what of the cluster leads to it. */
export async function addTarget(
  place: Place,
  given: { database?: string; login?: Login; site?: string; through?: string } = {},
): Promise<void> {
  const { range, namespace } = place;
  const { database, login, site = range.s3.endpoint, through } = given;
  const [way, query] =
    through === undefined ? [login?.address, ''] : ['postgres', `?through=${through}`];
  process.env.RANGE_DATABASE_PASSWORD = login?.password ?? '';
  await add(place, 'range', [
    ...['--namespace', namespace, '--kubeconfig', range.kubeconfig, '--context', range.context],
    ...['--endpoint', site, '--path-style', ...KEYS],
    ...(database === undefined || login === undefined
      ? []
      : [
          ...['--database', `main=postgresql://${login.user}@${way}/${database}${query}`],
          ...['--password', 'main=env:RANGE_DATABASE_PASSWORD'],
        ]),
  ]);
}

/** The second site alone. */
export async function addCopies(place: Place): Promise<void> {
  await add(place, 'copies', ['--endpoint', place.range.s3b.endpoint, '--path-style', ...KEYS]);
}

async function add(place: Place, name: string, options: string[]): Promise<void> {
  const { code, err } = await place.muster(
    'targets',
    'add',
    name,
    '--care',
    'practice',
    ...options,
  );
  if (code !== 0) throw new Error(err);
}
