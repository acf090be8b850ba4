import { cellsOf, tableOfCells } from '../fixtures/cells.js';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, predictTable } from '../../src/training/predict-table.js';
import { isMissing } from '../../src/table/cell.js';
import { readTableFile } from '../../src/table/read-table.js';
import type { Table } from '../../src/table/table.js';
import { expectClose } from '../fixtures/close.js';
import { runOnnx, tableFeeds } from '../fixtures/run-onnx.js';
import { EXPORTED } from '../tolerances.js';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const deep = ['--depth', '3', '--width', '2'];
const kinds = {
  'auto-mpg': ['--target', 'mpg', ...deep],
  concrete: ['--target', 'strength'],
  iris: ['--target', 'species', ...deep, '--formulation', 'gated'],
  'breast-cancer': ['--target', 'diagnosis'],
};
type Name = keyof typeof kinds;
const names = Object.keys(kinds) as Name[];

let trained = '';
const pathOf = (name: Name, file = 'model.json'): string => join(trained, name, file);
const modelOf = (name: Name): ReturnType<typeof loadModel> =>
  loadModel(JSON.parse(readFileSync(pathOf(name), 'utf8')));

beforeAll(async () => {
  trained = scratch();
  const target = readFileSync(`${DATA}/concrete.csv`, 'utf8').split('\n')[0]?.split(',').at(-1) ?? '';
  kinds.concrete = ['--target', target];
  for (const name of names) {
    const rest = ['--sample', '20', '--beta-ratio', '0.05', '--out', join(trained, name), '--quiet'];
    const { code, stderr } = await relucent(['train', `${DATA}/${name}.csv`, ...kinds[name], ...rest]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
});

/** The data set, some of its cells missing and some categories unseen, so that every treatment is met. */
async function spoiledTable(name: Name): Promise<Table> {
  const table = await readTableFile(`${DATA}/${name}.csv`);
  const { preprocessing } = modelOf(name);
  const kindOf = new Map(preprocessing?.columns.map((column) => [column.name, column.kind]));
  const spoil = (cell: string, i: number, j: number): string => {
    if ((7 * i + j) % 11 !== 0) return cell;
    return kindOf.get(table.columns[j] ?? '') === 'categorical' && i % 2 === 0 ? 'atlantis' : 'NA';
  };
  return tableOfCells(
    table.columns,
    cellsOf(table).map((row, i) => row.map((cell, j) => spoil(cell, i, j))),
  );
}

describe('the model.onnx that train writes', () => {
  it.each(names)('predicts in onnxruntime what the model does, odd cells included: %s', async (name) => {
    const loaded = modelOf(name);
    const bytes = new Uint8Array(readFileSync(pathOf(name, 'model.onnx')));
    for (const table of [await readTableFile(`${DATA}/${name}.csv`), await spoiledTable(name)]) {
      const { predictions } = predictTable(
        { ...loaded },
        withoutTarget(table, loaded.preprocessing!.target.name),
      );
      const out = await runOnnx(bytes, tableFeeds(table, loaded.preprocessing!));
      if (predictions.task === 'regression') {
        expectClose(out['prediction']!.data as number[], predictions.values, EXPORTED);
      } else {
        expectClose(out['probabilities']!.data as number[], predictions.probabilities.flat(), EXPORTED, 1);
        expect(out['label']!.data).toEqual(Array.from(predictions.labels, (label) => loaded.classes[label]));
      }
    }
  });
});

function withoutTarget(table: Table, target: string): Table {
  const index = table.columns.indexOf(target);
  return tableOfCells(
    table.columns.filter((_, j) => j !== index),
    cellsOf(table).map((row) => row.filter((_, j) => j !== index)),
  );
}

describe('predict, inspect and export', () => {
  it('read ONNX and safetensors back, whatever their names, to the same digits', async () => {
    const cwd = scratch();
    const data = `${DATA}/iris.csv`;
    const expected = await relucent(['predict', pathOf('iris'), data, '--probabilities'], { cwd });
    for (const form of ['onnx', 'safetensors', 'json']) {
      const run = await relucent(['export', pathOf('iris'), '--as', form, '--out', `deep/m.${form}.bin`], {
        cwd,
      });
      expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
      const again = await relucent(['predict', `deep/m.${form}.bin`, data, '--probabilities'], { cwd });
      expect(again).toEqual(expected);
    }
    expect(filesIn(join(cwd, 'deep'))).toEqual(['m.json.bin', 'm.onnx.bin', 'm.safetensors.bin']);
    const back = await relucent(['export', 'deep/m.safetensors.bin', '--as', 'json'], { cwd });
    expect(JSON.parse(back.stdout)).toEqual(JSON.parse(readFileSync(pathOf('iris'), 'utf8')));
    const inspected = await relucent(['inspect', 'deep/m.onnx.bin', '--json'], { cwd });
    expect(inspected).toEqual(await relucent(['inspect', pathOf('iris'), '--json'], { cwd }));
    expect(expectOneLine(await relucent(['export', pathOf('iris'), '--as', 'onnx']))).toMatch(
      /--out: expected a file/,
    );
  });

  it('say in one line what is wrong with a damaged file', async () => {
    const onnx = readFileSync(pathOf('iris', 'model.onnx'));
    const damaged = Buffer.from(onnx);
    damaged[2000] = (damaged[2000] ?? 0) ^ 1;
    const cwd = scratch({ 'cut.onnx': onnx.subarray(0, 500), 'flip.onnx': damaged });
    for (const file of ['cut.onnx', 'flip.onnx']) {
      expect(expectOneLine(await relucent(['inspect', file], { cwd }))).toMatch(
        new RegExp(`^relucent: ${file}: `),
      );
    }
  });

  it('a source file predicts what relucent predict does', async () => {
    const cwd = scratch();
    const name = 'auto-mpg';
    await relucent(['export', pathOf(name), '--as', 'js', '--out', 'mpg.mjs'], { cwd });
    const table = await spoiledTable(name);
    const { preprocessing } = modelOf(name);
    const rows = cellsOf(table).map((row) =>
      Object.fromEntries(
        preprocessing!.columns.map((column) => {
          const cell = row[table.columns.indexOf(column.name)] ?? '';
          return [column.name, isMissing(cell) ? null : column.kind === 'numeric' ? Number(cell) : cell];
        }),
      ),
    );
    writeFileSync(join(cwd, 'rows.json'), JSON.stringify(rows));
    const code = `import { predict } from './mpg.mjs'; import { readFileSync } from 'node:fs';
      console.log(JSON.stringify(JSON.parse(readFileSync('rows.json', 'utf8')).map(predict)));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd,
      encoding: 'utf8',
    });
    const { predictions } = predictTable(modelOf(name), withoutTarget(table, 'mpg'));
    expectClose(
      JSON.parse(said) as number[],
      predictions.task === 'regression' ? predictions.values : [],
      EXPORTED,
    );
  });
});
