import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Specifiers imported at run time by the module graph that starts at a source file; types do not count. */
function importedFrom(entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const open = [entry];
  const seen = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const source = readFileSync(file, 'utf8');
    for (const match of source.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms)) {
      const specifier = match[1] ?? '';
      if (!specifier.startsWith('.')) {
        found.set(specifier, file);
        continue;
      }
      const next = join(dirname(file), specifier.replace(/\.js$/, '.ts'));
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return found;
}

describe('the library', () => {
  it('needs nothing of Node, and only packages that run in browsers', () => {
    const allowed = [
      '@bufbuild/protobuf',
      '@noble/hashes',
      'csv-parse/browser',
      'd3-random',
      'ml-matrix',
      'pure-rand',
      'zod',
    ];
    const imports = importedFrom('src/index.ts');
    expect(imports.size).toBeGreaterThan(0);
    const foreign = [...imports].filter(
      ([specifier]) => !allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
    );
    expect(foreign).toEqual([]);
  });

  it('has a command line that does: the check above can fail', () => {
    expect([...importedFrom('cli/main.ts').keys()]).toContain('commander');
  });
});
