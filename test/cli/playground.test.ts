import { createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectOneLine, relucent } from './run-cli.js';

interface Served {
  readonly address: string;
  readonly get: (path: string) => Promise<Response>;
  /** Sends the signal: exit code and what was said on standard error. */
  readonly stop: (signal: NodeJS.Signals) => Promise<{ code: number | null; stderr: string }>;
}

/** Starts the command and waits for the address it prints. */
async function serve(args: readonly string[] = []): Promise<Served> {
  const child = spawn(process.execPath, [resolve('dist/cli/main.js'), 'playground', '--port', '0', ...args]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const line = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (chunk: Buffer) => {
      done(chunk.toString());
    });
    void ended.then(() => {
      fail(new Error(`ended early: ${stderr}`));
    });
  });
  const address = /^playground: (http:\/\/\S+\/) {2}\(Ctrl-C stops it\)\n$/.exec(line)?.[1];
  if (address === undefined) throw new Error(`no address in ${line}`);
  return {
    address,
    get: (path) => fetch(new URL(path, address)),
    stop: async (signal) => {
      child.kill(signal);
      return { code: await ended, stderr };
    },
  };
}

describe('relucent playground', () => {
  it('serves the page, isolated and under a strict policy, until Ctrl-C', async () => {
    const { get, stop, address } = await serve();
    expect(address).toMatch(/^http:\/\/localhost:\d+\/$/);
    const page = await get('');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const html = await page.text();
    // Nothing that the policy would refuse, and nothing from elsewhere.
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toContain('src="');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const { code, stderr } = await stop('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('serves scripts, workers and WebAssembly as what they are, and nothing outside its folder', async () => {
    const { get, stop } = await serve(['--host', '127.0.0.1']);
    try {
      const files = [
        ['assets/main.js', 'text/javascript'],
        ['assets/solver-worker.js', 'text/javascript'],
        ['assets/race-worker.js', 'text/javascript'],
        ['assets/tfjs-backend-wasm-simd.wasm', 'application/wasm'],
      ] as const;
      for (const [path, type] of files) {
        const response = await get(path);
        expect(response.status, path).toBe(200);
        expect(response.headers.get('content-type'), path).toBe(type);
        expect((await response.arrayBuffer()).byteLength, path).toBeGreaterThan(100);
      }
      for (const path of ['nothing', '%2e%2e/cli/main.js', '..%2fcli%2fmain.js']) {
        const response = await get(path);
        expect(response.status, path).toBe(404);
      }
    } finally {
      expect((await stop('SIGTERM')).code).toBe(0);
    }
  });

  it('refuses a port in use in one line', async () => {
    const other = createServer();
    const port = await new Promise<number>((done) => {
      other.listen(0, 'localhost', () => {
        done((other.address() as { port: number }).port);
      });
    });
    const run = await relucent(['playground', '--port', String(port)]);
    expect(expectOneLine(run)).toContain(`--port: expected a free port, got ${port}, which is in use`);
    other.close();
  });
});
