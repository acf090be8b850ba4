import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const WRITTEN = ['model.json', 'model.onnx', 'report.html', 'result.json'];
const ARGS = ['train', `${DATA}/iris.csv`, '--target', 'species', '--sample', '30', '--quiet'];

/** model.json apart from what differs between any two runs. */
function model(folder: string): string {
  const text = readFileSync(join(folder, 'model.json'), 'utf8');
  return text.replace(/"seconds":[^,}]+/g, '').replace(/"checksum":"[^"]+"/, '');
}

/** Runs the command and kills it after so many milliseconds; null where it was killed before it could say anything. */
function killed(
  args: readonly string[],
  signal: NodeJS.Signals,
  afterMs: number,
): Promise<{ code: number | null; stderr: string; ms: number }> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const child = spawn(process.execPath, [resolve('dist/cli/main.js'), ...args]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.resume();
    const timer = setTimeout(() => child.kill(signal), afterMs);
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, stderr, ms: performance.now() - started });
    });
  });
}

describe('train --resume', { timeout: 240_000 }, () => {
  it.for(['1', '2'])('ends as without a break, killed at random moments: %s threads', async (threads) => {
    const root = scratch();
    const args = [...ARGS, '--threads', threads, '--out'];
    const whole = join(root, 'whole');
    const { code, ms } = await killed([...args, whole], 'SIGTERM', 2 ** 30);
    expect(code).toBe(0);
    expect(filesIn(whole)).toEqual(WRITTEN);
    const random = xoroshiro128plus(Number(threads));
    const share = (): number => (random.next() >>> 0) / 2 ** 32;
    let saved = 0;
    for (const first of ['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const folder = join(root, `${first}${saved}${share()}`);
      for (const signal of [first, 'SIGKILL'] as const) {
        const run = await killed([...args, folder, '--resume'], signal, ms * (0.2 + 0.8 * share()));
        if (run.code === 130 && run.stderr !== '') {
          // A signal before the command listens, or while it loads, has nothing to save and may say so or nothing.
          expect(run.stderr.trimEnd().split('\n').at(-1)).toMatch(/^relucent: interrupted: /);
        }
        // Whatever is there under its own name is whole.
        for (const name of existing(folder)) {
          expect(name).toMatch(
            /^(checkpoint|result|model)\.json$|^(report\.html|model\.onnx)$|^\.[\w.]+\.tmp$/,
          );
          if (name.endsWith('.json')) JSON.parse(readFileSync(join(folder, name), 'utf8'));
          if (name === 'checkpoint.json') saved++;
        }
      }
      const end = await relucent([...args, folder, '--resume']);
      expect(end.code).toBe(0);
      expect(filesIn(folder)).toEqual(WRITTEN);
      expect(model(folder)).toBe(model(whole));
    }
    // Else nothing was tested.
    expect(saved).toBeGreaterThan(0);
  });

  it('takes finished folds from the checkpoint, says how to go on, and refuses what is not its own', async () => {
    const root = scratch();
    const folder = join(root, 'out');
    const [verb = '', file = '', ...rest] = ARGS;
    const args = [verb, file, ...rest, '--threads', '1', '--out', folder];
    let delay = 1500;
    let stderr = '';
    while (!existing(folder).includes('checkpoint.json')) {
      ({ stderr } = await killed(args, 'SIGINT', delay));
      delay += 300;
    }
    expect(stderr).toMatch(
      /relucent: interrupted: what was finished is in .*checkpoint\.json; the same command with --resume goes on/,
    );
    const path = join(folder, 'checkpoint.json');
    const text = readFileSync(path, 'utf8');
    expect((JSON.parse(text) as { records: unknown[] }).records.length).toBeGreaterThan(0);
    const again = (more: readonly string[] = []): ReturnType<typeof relucent> =>
      relucent([...args, ...more, '--resume']);
    expect(expectOneLine(await again(['--seed', '1']))).toMatch(
      /--resume: expected the checkpoint of this table, options/,
    );
    writeFileSync(path, text.replace(/"losses":\[\d/, '"losses":[7'));
    expect(expectOneLine(await again())).toMatch(/--resume: expected .* another checksum/);
    writeFileSync(path, text.slice(0, -20));
    expect(expectOneLine(await again())).toMatch(/checkpoint\.json/);
    writeFileSync(path, '{"format":"relucent-train-checkpoint","__proto__":{"version":1}}');
    expect(expectOneLine(await again())).toMatch(/--resume: expected a checkpoint of relucent train/);
    expect(filesIn(folder)).toEqual(['checkpoint.json']);
    // With losses that no fold has, and a checksum that fits: the curve shows that no fold of a record is solved again.
    writeFileSync(path, boasting(text));
    expect((await again()).code).toBe(0);
    expect(readFileSync(join(folder, 'result.json'), 'utf8')).toMatch(/"mean": ?[1-9]\d{5}/);
    writeFileSync(path, text);
    expect((await again()).code).toBe(0);
    expect(filesIn(folder)).toEqual(WRITTEN);
  });

  it('starts anew where nothing was left, and says so', async () => {
    const folder = join(scratch(), 'out');
    const { code, stderr } = await relucent([...ARGS, '--beta-ratio', '0.05', '--out', folder, '--resume']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^relucent: warning: --resume: .*checkpoint\.json is not there, so the run starts anew\n$/,
    );
  });
});

/** The checkpoint with a million for the first loss of every fold. */
function boasting(text: string): string {
  const changed = text.replace(/"losses":\[[^,\]]+/g, '"losses":[1000000');
  const { fingerprint, records } = JSON.parse(changed) as {
    fingerprint: string;
    records: [string, unknown][];
  };
  const hash = createHash('sha256').update(fingerprint);
  for (const [key, record] of records) hash.update(`\n${key} ${JSON.stringify(record)}`);
  return changed.replace(/"checksum":"[^"]*"/, `"checksum":"sha256:${hash.digest('hex')}"`);
}

function existing(folder: string): string[] {
  try {
    return filesIn(folder);
  } catch {
    return [];
  }
}
