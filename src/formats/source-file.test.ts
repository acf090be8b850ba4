import { tableOfCells } from '../../test/fixtures/cells.js';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { randomModel, randomRows } from '../../test/fixtures/random-model.js';
import { EXPORTED } from '../../test/tolerances.js';
import { isMissing } from '../table/cell.js';
import { modelJsonOf } from '../training/import-model.js';
import { predictTable, type LoadedModel } from '../training/predict-table.js';
import { writeSource } from './source-file.js';

const folder = mkdtempSync(join(tmpdir(), 'relucent-source-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Cases that the type checker sees too: it takes a tenth of a second for each. */
const TYPED = 30;

interface Case {
  readonly loaded: LoadedModel;
  readonly cells: readonly (readonly string[])[];
}

const cases: readonly Case[] = fc.sample(
  randomModel.chain((loaded): fc.Arbitrary<Case> => {
    const { preprocessing, model } = loaded;
    const number = fc.integer({ min: -50, max: 50 }).map(String);
    const rows = preprocessing
      ? randomRows(preprocessing)
      : fc.array(fc.array(number, { minLength: model.columns, maxLength: model.columns }), {
          minLength: 1,
          maxLength: 3,
        });
    return fc.record({ loaded: fc.constant(loaded), cells: rows });
  }),
  { numRuns: 120, seed: 11 },
);

/** A row as a caller of the module hands it over, in JSON: `__proto__` is a column like any other. */
function rowJson({ preprocessing }: LoadedModel, cells: readonly string[]): string {
  if (!preprocessing) return JSON.stringify(cells.map(Number));
  const fields = preprocessing.columns.map(({ name, kind }, j) => {
    const cell = cells[j] ?? '';
    const value = kind === 'categorical' ? cell : isMissing(cell) ? null : Number(cell);
    return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  });
  return `{${fields.join(',')}}`;
}

/** Runs modules in a process of their own: the predictions of each for its rows. */
function runModules(
  suffix: string,
  count: number,
): { predict: (string | number)[]; proba: number[][] | null; keys: string[] }[] {
  writeFileSync(
    join(folder, `run${suffix}.mjs`),
    `import { readFileSync } from 'node:fs';
     const results = [];
     const clean = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
     for (let k = 0; k < ${count}; k++) {
       const module = await import(\`./m\${k}${suffix}\`);
       const rows = JSON.parse(readFileSync(new URL(\`./rows\${k}.json\`, import.meta.url), 'utf8'));
       results.push({
         predict: rows.map((row) => module.predict(row)),
         proba: module.predictProba ? rows.map((row) => module.predictProba(row)) : null,
         keys: Object.keys(module),
       });
       if ('hacked' in globalThis) throw new Error('code of the data ran: ' + k);
     }
     if (JSON.stringify(Object.getOwnPropertyNames(Object.prototype)) !== clean) throw new Error('polluted');
     console.log(JSON.stringify(results));`,
  );
  const options = { cwd: folder, encoding: 'utf8' as const, maxBuffer: 2 ** 26 };
  return JSON.parse(execFileSync(process.execPath, [`run${suffix}.mjs`], options)) as ReturnType<
    typeof runModules
  >;
}

function expectPredictions(results: ReturnType<typeof runModules>): void {
  results.forEach(({ predict, proba, keys }, k) => {
    const { loaded, cells } = cases[k]!;
    const { preprocessing, model } = loaded;
    const columns =
      preprocessing?.columns.map(({ name }) => name) ??
      Array.from({ length: model.columns }, (_, t) => `x${t}`);
    const { predictions } = predictTable(loaded, tableOfCells(columns, cells, 'rows'));
    if (predictions.task === 'regression') {
      expectClose(predict.map(Number), predictions.values, EXPORTED);
      expect(keys).toEqual(['predict']);
    } else {
      expectClose(proba!.flat(), predictions.probabilities.flat(), EXPORTED, 1);
      expect(predict.map(String)).toEqual(Array.from(predictions.labels, (label) => loaded.classes[label]));
      expect(keys).toEqual(['classes', 'predict', 'predictProba']);
    }
  });
}

describe('a source file', () => {
  it('in JavaScript predicts as the model, and no text of the data runs', () => {
    cases.forEach(({ loaded, cells }, k) => {
      writeFileSync(join(folder, `m${k}.mjs`), writeSource(modelJsonOf(loaded), 'js'));
      writeFileSync(join(folder, `rows${k}.json`), `[${cells.map((row) => rowJson(loaded, row)).join(',')}]`);
    });
    expectPredictions(runModules('.mjs', cases.length));
  });

  it('in TypeScript passes the strictest checks and predicts the same', () => {
    const names = cases.slice(0, TYPED).map(({ loaded }, k) => {
      const name = join(folder, `m${k}.ts`);
      const source = writeSource(modelJsonOf(loaded), 'ts');
      writeFileSync(name, source);
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      writeFileSync(join(folder, `m${k}.ts.mjs`), outputText);
      return name;
    });
    const program = ts.createProgram(names, {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitReturns: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      isolatedModules: true,
      isolatedDeclarations: true,
      declaration: true,
      erasableSyntaxOnly: true,
      noEmit: true,
      types: [],
      lib: ['lib.es2022.d.ts'],
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
    });
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
      file: file?.fileName,
      text: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
    expect(faults).toEqual([]);
    expectPredictions(runModules('.ts.mjs', TYPED));
  }, 240_000);

  it('imports nothing and holds no text of the data but as an ASCII-safe literal', () => {
    for (const { loaded } of cases) {
      const source = writeSource(modelJsonOf(loaded), 'js');
      expect(source).not.toMatch(/\b(?:import|require|eval|Function)\b\s*\(|^import /m);
      expect(source).not.toMatch(/[\u2028\u2029\0]|<\/script|globalThis\.hacked = 1 \*/);
      // Comments are ours alone.
      for (const comment of source.matchAll(/\/\/ [^\n]*|\/\*\*[^]*?\*\//g)) {
        expect(comment[0]).not.toContain('hacked');
      }
    }
  });

  it('refuses a row without a column, a text for a number, and magnitudes that training refuses', () => {
    const numeric = cases.findIndex(({ loaded }) => loaded.preprocessing?.columns[0]?.kind === 'numeric');
    const { loaded, cells } = cases[numeric]!;
    const row = JSON.parse(rowJson(loaded, cells[0]!)) as Record<string, unknown>;
    const name = loaded.preprocessing!.columns[0]!.name;
    const without = Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
    const wrong = [without, { ...row, [name]: '1' }, { ...row, [name]: Infinity }, { ...row, [name]: 1e151 }];
    writeFileSync(
      join(folder, 'wrong.mjs'),
      `import { predict } from './m${numeric}.mjs';
       const rows = [${wrong.map((entry) => JSON.stringify(entry, (_, value: unknown) => (value === Infinity ? 1e308 : value))).join(',')}];
       console.log(JSON.stringify(rows.map((row) => { try { return predict(row); } catch (error) { return error.message; } })));`,
    );
    const said = JSON.parse(
      execFileSync(process.execPath, ['wrong.mjs'], { cwd: folder, encoding: 'utf8' }),
    ) as unknown[];
    expect(said[0]).toMatch(/^expected a value for the column .*, got none$/);
    for (const line of said.slice(1))
      expect(line).toMatch(/^expected a finite number or null in the column /);
  });
});
