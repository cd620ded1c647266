import type { LibraryFilters } from '../core/library/filters.ts';

/** The names of the filters are those of the columns, but for the tools. Reviews are not kept here. */
const conditions: Record<Exclude<keyof LibraryFilters, 'review'>, string> = {
  system: 'files.system = @system',
  kind: 'files.kind = @kind',
  owner: 'files.owner = @owner',
  risk: 'files.risk = @risk',
  format: 'files.format = @format',
  state: 'files.state = @state',
  tool: 'instr(files.tools, char(10) || @tool || char(10)) > 0',
};

/** What a row of `files` has to be to pass the filters, in SQL with the filters as parameters. */
export function wantedFiles(filters: LibraryFilters): string[] {
  return (Object.keys(conditions) as (keyof typeof conditions)[]).flatMap((name) =>
    filters[name] === null ? [] : [conditions[name]],
  );
}
