/** The parts of which the small systems are made. Each pod ends at once, so that tests need not wait. */

export interface Server {
  /** Of the Deployment and its Service. */
  name: string;
  database: string;
  user: string;
  password: string;
  image: string;
}

const START = `
bin=/usr/lib/postgresql/15/bin data=/data/server
if [ ! -s $data/PG_VERSION ]; then
  install -d -m 700 -o postgres $data
  printf %s "$PASSWORD" >/tmp/password && chown postgres /tmp/password
  su postgres -c "$bin/initdb -D $data -U postgres -A scram-sha-256 --pwfile=/tmp/password -E UTF8 --locale=C"
  echo "host all all all scram-sha-256" >>$data/pg_hba.conf
fi
exec su postgres -c "exec $bin/postgres -D $data -k /tmp -c listen_addresses=* -c fsync=off"
`;

/** PostgreSQL, empty, with a superuser `postgres` of the same password. */
export function postgres({ name, password, image }: Server): object[] {
  const labels = { app: name };
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `${name}-credentials` },
      stringData: { password },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...bare,
            containers: [
              {
                name: 'postgres',
                image,
                imagePullPolicy: 'Never',
                command: ['bash', '-ec', START],
                env: [passwordOf(name, 'PASSWORD')],
                readinessProbe: {
                  exec: { command: ['pg_isready', '-h', '127.0.0.1'] },
                  periodSeconds: 1,
                },
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
              },
            ],
            volumes: [{ name: 'data', emptyDir: {} }],
          },
        },
      },
    },
    service(name, 5432),
  ];
}

export interface App {
  name: string;
  image: string;
  replicas: number;
  /** The database that it writes to, by the name of its Service; left out for none. */
  server?: Server & { insert: string };
  /** A claim with files that it checks, and where the pod has them. */
  files?: { claim: string; path: string };
  env?: Record<string, string>;
  configMap?: string;
}

/** An application that runs `app.py`; its program lies in the ConfigMap `app-program`. */
export function application({
  name,
  image,
  replicas,
  server,
  files,
  env = {},
  configMap,
}: App): object[] {
  const labels = { app: name };
  const values = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  const database =
    server === undefined
      ? []
      : [
          { name: 'INSERT', value: server.insert },
          { name: 'PGUSER', value: server.user },
          { name: 'PGDATABASE', value: server.database },
          { name: 'PGCONNECT_TIMEOUT', value: '5' },
          passwordOf(server.name, 'PGPASSWORD'),
        ];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...bare,
            enableServiceLinks: true,
            containers: [
              {
                name: 'app',
                image,
                imagePullPolicy: 'Never',
                command: ['sh', '-c', start(server?.name)],
                env: [
                  ...database,
                  ...values,
                  ...(files === undefined ? [] : [{ name: 'FILES', value: files.path }]),
                ],
                ...(configMap === undefined
                  ? {}
                  : { envFrom: [{ configMapRef: { name: configMap } }] }),
                ports: [{ containerPort: 8000, protocol: 'TCP' }],
                readinessProbe: { httpGet: { path: '/version', port: 8000 }, periodSeconds: 1 },
                volumeMounts: [
                  { name: 'program', mountPath: '/program' },
                  ...(files === undefined ? [] : [{ name: 'files', mountPath: files.path }]),
                ],
              },
            ],
            volumes: [
              { name: 'program', configMap: { name: 'app-program' } },
              ...(files === undefined
                ? []
                : [{ name: 'files', persistentVolumeClaim: { claimName: files.claim } }]),
            ],
          },
        },
      },
    },
    service(name, 8000),
  ];
}

/** There is no DNS in the cluster: kubelet gives the address of a Service as `ORDERS_DB_SERVICE_HOST`. */
function start(server: string | undefined): string {
  const run = 'exec python3 /program/app.py';
  if (server === undefined) return run;
  const variable = `${server.toUpperCase().replaceAll('-', '_')}_SERVICE_HOST`;
  return `PGHOST="$${variable}" ${run}`;
}

export function claim(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } },
  };
}

const bare = { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false };

function passwordOf(server: string, variable: string) {
  const secretKeyRef = { name: `${server}-credentials`, key: 'password' };
  return { name: variable, valueFrom: { secretKeyRef } };
}

function service(name: string, port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'NodePort', selector: { app: name }, ports: [{ port, protocol: 'TCP' }] },
  };
}
