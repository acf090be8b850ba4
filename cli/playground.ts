import { existsSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import sirv from 'sirv';
import { RelucentError } from '../src/error.js';
import type { Context } from './context.js';
import { numberOption, ranges } from './option-values.js';

const DEFAULT_PORT = 4173;
const DEFAULT_HOST = 'localhost';

const examples = `
Examples:
  relucent playground                   open the address that it prints in a browser
  relucent playground --port 0          on any free port
  relucent playground --host 0.0.0.0    for other machines of the network too

The page needs no network. Its folder, dist/playground of the package, works on any static web server.
Ctrl-C stops it.`;

interface Flags {
  readonly port: number;
  readonly host: string;
}

/** `relucent playground`: serves the page that trains networks in the browser. */
export function playgroundCommand(context: Context): Command {
  return new Command('playground')
    .summary('serve the playground: train in the browser')
    .description(
      'Serves the playground, a page on which networks are trained to a proven optimum in the browser, and prints its address.',
    )
    .addOption(
      new Option('--port <N>', 'port to listen on, 0 for any that is free')
        .argParser(numberOption('--port', ranges.port))
        .default(DEFAULT_PORT),
    )
    .option(
      '--host <ADDRESS>',
      'address to listen on: this machine only, unless told otherwise',
      DEFAULT_HOST,
    )
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      await servePlayground(context, flags);
    });
}

/** `dist/playground` of the package, from dist/cli. */
const folder = fileURLToPath(new URL('../playground/', import.meta.url));

async function servePlayground({ terminal, signal }: Context, { port, host }: Flags): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new RelucentError(
      'not-found',
      'playground',
      `expected its page in ${folder}, got no such file; build it with npm run build, or install relucent again`,
    );
  }
  const server = createServer(sirv(folder, { etag: true, setHeaders }));
  await listen(server, port, host);
  terminal.print(`playground: ${addressOf(server, host)}  (Ctrl-C stops it)`);
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    else
      signal.addEventListener(
        'abort',
        () => {
          done();
        },
        { once: true },
      );
  });
  // Stopping is how a server ends: no error, and no work is lost.
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

/**
 * Scripts, workers and WebAssembly from the page's own origin only. Styles may be inline: Observable Plot writes a style sheet
 * into every chart. Isolated, so that threads can share memory.
 */
const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // Asked for anew each time, and answered from the cache while the file is the same.
  'Cache-Control': 'no-cache',
} as const;

function setHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      fail(refusal(error, port, host));
    });
    server.listen(port, host, done);
  });
}

function refusal(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const refused = (where: string, message: string): RelucentError =>
    new RelucentError('invalid-argument', where, message);
  switch (error.code) {
    case 'EADDRINUSE':
      return refused(
        '--port',
        `expected a free port, got ${port}, which is in use; pass another, or 0 for any`,
      );
    case 'EACCES':
      return refused(
        '--port',
        `expected a port that may be used, got ${port}, which needs rights; pass one above 1023`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refused(
        '--host',
        `expected an address of this machine, got "${host}"; leave it out, or pass 0.0.0.0 for all of them`,
      );
    case undefined:
    default:
      return error;
  }
}

/** What to open in a browser. An address that stands for all of them is not one: this machine's name is. */
function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? DEFAULT_HOST : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}
