import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillIn, literal } from './fill-in.ts';
import { isTransactionControl, splitStatements } from './statements.ts';
import { tableLines } from './table.ts';

const texts = (sql: string): string[] => splitStatements(sql).map(({ text }) => text);

describe('statements', () => {
  it('end at their semicolons, wherever other semicolons stand', () => {
    expect(
      texts(`select 'a;b''c;', "x;y", E'\\';' ; -- no; end
/* nor; /* here; */ ; */ update t set a = $q$;'$q$ where $1 > 0;
create rule r as on insert to t do also (delete from u; delete from v);`),
    ).toEqual([
      `select 'a;b''c;', "x;y", E'\\';'`,
      `-- no; end\n/* nor; /* here; */ ; */ update t set a = $q$;'$q$ where $1 > 0`,
      'create rule r as on insert to t do also (delete from u; delete from v)',
    ]);
  });

  it('keep the body of a function whole', () => {
    const body = `create or replace function f() returns int
begin atomic
  select case when true then 1 else 2 end;
  select 2;
end`;
    expect(texts(`${body}; select 1`)).toEqual([body, 'select 1']);
    expect(texts('begin; select 1; end')).toEqual(['begin', 'select 1', 'end']);
  });

  it('are none where there is only space, comments and semicolons', () => {
    expect(texts(' ;; -- nothing\n /* at all */ ;')).toEqual([]);
  });

  it('know their line and first words', () => {
    const [, second] = splitStatements('select 1;\n\n-- then\n  delete from orders');
    expect(second).toMatchObject({ line: 3, words: ['DELETE', 'FROM', 'ORDERS'] });
  });

  it.each([
    'commit',
    '/* x */ ROLLBACK',
    'start transaction',
    'set session characteristics as transaction read write',
    'end',
  ])('control the transaction: %s', (sql) =>
    expect(splitStatements(sql).some(isTransactionControl)).toBe(true),
  );

  it.each(['select 1', 'set work_mem = 1', 'prepare q as select 1', 'call commit()'])(
    'do not control the transaction: %s',
    (sql) => expect(splitStatements(sql).some(isTransactionControl)).toBe(false),
  );

  it('lose nothing but what separates them', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`a'"$;-/*\\\n(E1q`) }), (sql) => {
        for (const { text, at } of splitStatements(sql)) {
          expect(sql.slice(at, at + text.length)).toBe(text);
        }
      }),
    );
  });
});

describe('values in SQL', () => {
  const fill = (sql: string, values: Record<string, string | number | boolean>): string => {
    const filled = fillIn(sql, values);
    return filled.ok ? filled.sql : `line ${filled.line}: ${filled.message}`;
  };

  it('are quoted for where they stand', () => {
    const values = { T: 'o\'b\\"', N: -5, B: true };
    expect(fill(`select \${T}, 5 -\${N}, \${B}`, values)).toBe(
      "select 'o''b\\\"', 5 -(-5), (true)",
    );
    expect(fill(`select 'x \${T}', E'x \${T}', "x \${T}"`, values)).toBe(
      "select 'x o''b\\\"', E'x o''b\\\\\"', \"x o'b\\\"\"\"",
    );
    expect(fill(`select $\${T} -- \${T}`, values)).toBe(`select \${T} -- \${T}`);
  });

  it('are refused where they cannot be quoted', () => {
    expect(fill(`select 1,\n $$ \${T} $$`, { T: 'x' })).toMatch(/^line 2: /);
    expect(fill(`select \${GONE}`, {})).toMatch(/no value/);
    expect(fill(`select \${T}`, { T: '\0' })).toMatch(/NUL/);
  });

  it('never become SQL', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...`a'"$;-/*\\\n `) }),
        fc.constantFrom(`select \${V}`, `select '\${V}'`, `select E'\${V}'`, `select 1 as "\${V}"`),
        (value, sql) => {
          const statements = splitStatements(`${fill(sql, { V: value })}; select 2`);
          expect(statements).toHaveLength(2);
        },
      ),
    );
    expect(literal("'; drop table orders; --")).toBe("'''; drop table orders; --'");
  });
});

describe('tables', () => {
  it('align numbers to the right and cut what is long', () => {
    const rows = [
      ['paid', 1204, null],
      ['a\nb', 7, 'x'.repeat(80)],
    ] as const;
    expect(tableLines(['status', 'orders', 'note'], rows)).toEqual([
      `status | orders | note`,
      `-------+--------+-${'-'.repeat(60)}`,
      `paid   |   1204 | NULL`,
      `a⏎b    |      7 | ${'x'.repeat(59)}…`,
    ]);
  });
});
