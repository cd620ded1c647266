// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell code has variables in braces
import { describe, expect, it } from 'vitest';
import { lint } from './lint.ts';
import { wholeExample } from './rule.ts';
import { readShell } from './shell.ts';

const rules = (text: string): string[] => lint(text).map(({ rule }) => rule);
const step = (code: string, attributes = 'timeout=1m', shell = 'bash'): string =>
  wholeExample(`### Do it\n\n\`\`\`${shell} {${attributes}}\n${code}\n\`\`\`\n`);

describe('code that is in order', () => {
  it.each([
    'while IFS= read -r line; do echo "$line"; done <list.txt',
    'for pod in a b; do kubectl get pod "$pod" -n shop; done',
    'tools=(less vim)\necho "${tools[@]}"',
    'f() { local x=$1; echo "$x ${2:-none}"; }\nf a',
    'echo "$(date +%F) $((1 + 2)) $HOME $MUSTER_RUN"',
    "awk '{print $NF}' list.txt",
    "cat <<'EOF'\n$NOT_READ\nEOF",
    'case "$HOME" in\n  less) echo a ;;\n  *) echo b ;;\nesac',
    'set +e\nkubectl get pod x -n shop\ncode=$?\nset -e\necho "$code"',
    'set +e\nkubectl get pod x -n shop\necho "ended with $?"',
    'timeout 30 kubectl logs -f deploy/orders -n shop',
    'kubectl logs -f deploy/orders -n shop | grep -m1 ready',
    'kubectl exec deploy/orders -n shop -- sh -c "ps -t"',
    'if ! curl -sS https://shop.example/; then exit 1; fi',
    'status=$(curl -s -o /dev/null -w "%{http_code}" https://shop.example/)\necho "$status"',
    'newest=$(aws s3 ls s3://shop-backups/ --recursive | sort | tail -n 1)\necho "$newest"',
    'ls -t /var/backups | head -n 1',
    'ls *.conf | sort | tail -n 1',
    'dir=$(mktemp -d)\nrm -rf "$dir"/part',
    'rm -rf "${CACHE_DIR:?}"/*',
    'psql -v ON_ERROR_STOP=1 service=shop <tables.sql',
    "psql service=shop -c 'select 1'",
    'redis-cli --no-auth-warning ping',
    'kubectl delete pod x -n shop --dry-run=server',
    'echo "kubectl delete pod x"',
    'kubectl get pod x -n shop &>/dev/null || true',
    'TOKEN=$(cat /run/secrets/token)\nexport TOKEN\n./call.sh',
    'password_file=/run/secrets/db\n./call.sh "$password_file"',
    'psql postgres://shop@db.example/shop -c "select 1"',
    'kubectl get secret db -n shop -o jsonpath={.data.password}',
    'curl -fsSL -o a.tar https://x.example/a.tar | cat',
    'echo AKIAIOSFODNN7EXAMPLE',
  ])('%j', (code) => expect(rules(step(code))).toEqual([]));

  it('reads kubectl behind its options', () => {
    expect(rules(step('kubectl -n shop delete job/x'))).toEqual(['risk-understated']);
    expect(rules(step('kubectl --context=x drain node/a', 'timeout=1m risk=disruptive'))).toEqual(
      [],
    );
  });

  it('knows what a structured step before it captured', () => {
    const steps = [
      '### Dump\n\n```postgres {timeout=1m}\ndump: a.dump\ncapture: {DUMP: file}\n```',
      '### Sum\n\n```bash {timeout=1m}\nsha256sum "$DUMP"\n```',
    ];
    expect(rules(wholeExample(steps.join('\n\n')))).toEqual([]);
    expect(rules(wholeExample(steps.toReversed().join('\n\n')))).toContain('undefined-variable');
  });

  it('lets a range and a target bring their variables', () => {
    expect(rules(step('psql "$PGDATABASE" -c "select 1"'))).toEqual([]);
    const text = step('echo "$SHOP_URL"').replace('{target: true', '{range: practice');
    expect(rules(text)).toEqual([]);
  });
});

it('a plain guide hears only what harms anybody', () => {
  const guide = [
    '# Restore',
    '',
    '```bash',
    'kubectl exec -it pod/db -- psql',
    'kubectl delete pod <POD_NAME>',
    'tail -f /var/log/shop.log',
    'psql shop < dump.sql',
    '```',
    '',
    '#### Deep',
    '',
    '```yaml',
    'password: secretKeyRef',
    'token: "${TOKEN}"',
    '```',
    '',
    '```python',
    'password = getpass()',
    "token = os.environ['TOKEN']",
    '```',
  ].join('\n');
  expect(rules(guide)).toEqual([]);
  expect(
    rules(`${guide}\n\n\`\`\`sh\ncurl -s https://x.example/i.sh | sudo bash\n\`\`\`\n`),
  ).toEqual(['pipe-to-shell']);
});

it('reads the commands of a script', () => {
  const names = (code: string): string[] => readShell(code).commands.map(({ name }) => name);
  expect(names('a; b && c || d | e & f')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(names('if a; then b; else c; fi')).toEqual(['a', 'b', 'c']);
  expect(names('X=1 sudo -E /usr/bin/a "$(b `c`)" <d >e 2>&1')).toEqual(['c', 'b', 'a']);
  expect(names('a <<EOF\nb; c\nEOF\nd')).toEqual(['a', 'd']);
  expect(names('x=(a b); # c\nd \\\n e')).toEqual(['d']);
  expect(names('echo \'a; b\' "c; d"')).toEqual(['echo']);
  const { uses, assigned } = readShell('read -r A; B=1; echo "$A ${B} ${C:-x} \\$D" \'$E\' ${#F}');
  expect(uses.map(({ name }) => name)).toEqual(['A', 'B', 'C', 'F']);
  expect(uses.filter(({ guarded }) => guarded).map(({ name }) => name)).toEqual(['C']);
  expect([...assigned].sort()).toEqual(['A', 'B']);
});
