import { fromVerb } from '../kubectl.ts';
import { example, type Rule } from '../rule.ts';
import type { Command } from '../shell.ts';

const CHANGES_CLUSTER = new Set([
  'annotate',
  'apply',
  'cordon',
  'cp',
  'create',
  'delete',
  'drain',
  'edit',
  'label',
  'patch',
  'replace',
  'rollout',
  'scale',
  'set',
  'taint',
  'uncordon',
]);
const HELM_CHANGES = new Set(['install', 'upgrade', 'uninstall', 'rollback', 'delete']);
const AWS_READS = /^(?:ls|list|head|get|describe|wait|presign|sts|configure|help)/;

/** What the command changes, or null when it changes nothing outside of this machine. */
function changedSystem({ name, args }: Command): string | null {
  const words = args.map(({ value }) => value);
  if (words.some((value) => value.startsWith('--dry-run') && value !== '--dry-run=none'))
    return null;
  const verbs = words.filter((value) => /^[a-z][a-z-]*$/.test(value));
  if (name === 'kubectl' || name === 'oc') {
    const verb = verbs.find((value) => CHANGES_CLUSTER.has(value));
    const reads =
      verb === 'rollout' && /^(?:status|history)$/.test(verbs[verbs.indexOf(verb) + 1] ?? '');
    return verb === undefined || reads ? null : 'a cluster';
  }
  if (name === 'helm') return verbs.some((value) => HELM_CHANGES.has(value)) ? 'a cluster' : null;
  if (name === 'aws') {
    const verb = verbs[1];
    const local = verb === 'cp' && !/^s3:/.test(words.at(-1) ?? '');
    return verb === undefined || local || AWS_READS.test(verb) ? null : 'an AWS account';
  }
  return null;
}

const missingTarget: Rule = {
  name: 'missing-target',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command changes a cluster or an account, and the runbook asks for no target.',
  why: 'Without a target the command acts on whatever the machine is connected to at that moment. Write requires: {target: true}, or name the context or profile in the command.',
  bad: example(`
---
runbook: 1
title: Stop the shop
owner: platform
review: 90d
requires: {tools: [kubectl]}
---
## Stop

### Scale to zero

~~~bash {timeout=1m risk=disruptive}
kubectl scale -n shop deployment/orders --replicas=0
~~~
`),
  good: example(`
---
runbook: 1
title: Stop the shop
owner: platform
review: 90d
requires: {target: true, tools: [kubectl]}
---
## Stop

### Scale to zero

~~~bash {timeout=1m risk=disruptive}
kubectl scale -n shop deployment/orders --replicas=0
~~~
`),
  check({ runbook, shell }, report) {
    if (runbook.requires.target || runbook.requires.range !== null) return;
    for (const { script, action, place } of shell) {
      if (/\b(?:KUBECONFIG|AWS_PROFILE)=/.test(action.code)) continue;
      const found = script.commands.find(
        (command) =>
          changedSystem(command) !== null &&
          !command.args.some(({ value }) =>
            /^--(?:context|kube-context|kubeconfig|profile)\b/.test(value),
          ),
      );
      if (found === undefined) continue;
      report(
        place(found.at),
        `This changes ${changedSystem(found)}, and nothing says which.`,
        'Add requires: {target: true} to the front matter, or name the context or profile in the command.',
      );
    }
  },
};

const NEEDS_NAMESPACE = new Set(['delete', 'scale', 'patch', 'rollout', 'set']);
const WITHOUT_NAMESPACE =
  /^(?:no|nodes?|ns|namespaces?|pv|persistentvolumes?|crds?|customresourcedefinitions?|clusterroles?|clusterrolebindings?|sc|storageclass(?:es)?|pc|priorityclass(?:es)?|csr|apiservices?|[a-z]+webhookconfigurations?)(?:\/|$)/;

const kubectlWithoutNamespace: Rule = {
  name: 'kubectl-without-namespace',
  severity: 'warning',
  reads: 'muster',
  summary: 'kubectl changes objects of a namespace without naming it.',
  why: 'The namespace is then the one that somebody chose last for this context, or default.',
  bad: example(`
### Restart the shop

~~~bash {timeout=2m risk=disruptive}
kubectl rollout restart deployment/orders
~~~
`),
  good: example(`
### Restart the shop

~~~bash {timeout=2m risk=disruptive}
kubectl rollout restart deployment/orders --namespace=shop
~~~
`),
  check({ shell }, report) {
    for (const { script, action, place } of shell) {
      if (action.code.includes('--current')) continue;
      for (const { name, args, at } of script.commands) {
        if (name !== 'kubectl' && name !== 'oc') continue;
        const words = args.map(({ value }) => value);
        const [verb = '', ...objects] = fromVerb(words);
        if (!NEEDS_NAMESPACE.has(verb)) continue;
        const says = words.some((value) =>
          /^-n|^--namespace\b|^-A$|^--all-namespaces\b|^-f|^--filename\b|^-k|^--kustomize\b|^--raw\b|^\$\{?\w|^\$[@*]/.test(
            value,
          ),
        );
        const kind = objects.find(
          (value) =>
            !value.startsWith('-') &&
            !/^(?:restart|undo|status|history|pause|resume|image|env|resources)$/.test(value),
        );
        if (says || kind === undefined || WITHOUT_NAMESPACE.test(kind)) continue;
        report(
          place(at),
          `"kubectl ${verb}" acts on the namespace that happens to be chosen.`,
          'Add --namespace.',
        );
      }
    }
  },
};

/** Programs that are not on every machine. */
const TOOLS = new Set([
  'ansible-playbook',
  'argocd',
  'aws',
  'az',
  'consul',
  'docker',
  'etcdctl',
  'flux',
  'gcloud',
  'gsutil',
  'helm',
  'istioctl',
  'jq',
  'kubectl',
  'mongodump',
  'mongorestore',
  'mongosh',
  'mysql',
  'mysqldump',
  'nomad',
  'pg_dump',
  'pg_restore',
  'podman',
  'psql',
  'rabbitmqctl',
  'rclone',
  'redis-cli',
  'restic',
  'terraform',
  'vault',
  'velero',
  'yq',
]);

const toolNotListed: Rule = {
  name: 'tool-not-listed',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command uses a program that requires.tools does not list.',
  why: 'The list tells the operator before the start what must be installed. Only programs that are not on every machine are looked for.',
  bad: example(`
---
runbook: 1
title: Look at the shop
owner: platform
review: 90d
---
## Look

### Pods run

~~~bash {timeout=10s}
kubectl get pods -n shop
~~~
`),
  good: example(`
---
runbook: 1
title: Look at the shop
owner: platform
review: 90d
requires: {tools: [kubectl]}
---
## Look

### Pods run

~~~bash {timeout=10s}
kubectl get pods -n shop
~~~
`),
  check({ runbook, shell }, report) {
    const listed = new Set(runbook.requires.tools);
    for (const { script, place } of shell) {
      for (const { name, at } of script.commands) {
        if (!TOOLS.has(name) || listed.has(name)) continue;
        listed.add(name);
        report(
          place(at),
          `"${name}" is used here, and requires.tools does not list it.`,
          `Add ${name} to tools: under requires: in the front matter.`,
        );
      }
    }
  },
};

export const targetRules: readonly Rule[] = [missingTarget, kubectlWithoutNamespace, toolNotListed];
