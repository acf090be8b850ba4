import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { hashOfState } from '../../playground/url.js';
import type { PlaygroundState } from '../../playground/state.js';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Whether tests in a browser were told not to run. */
export const isWithoutBrowser = process.env.RELUCENT_BROWSER === 'none';

function browserPath(): string {
  const told = process.env.RELUCENT_BROWSER;
  const found = (told === undefined ? usualPlaces : [told]).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `expected Chromium at ${told ?? usualPlaces.join(', ')}, got no such program; install it (apt install chromium), ` +
      'set RELUCENT_BROWSER to its path, or RELUCENT_BROWSER=none to leave these tests out',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What is opened: a state, or a hash as it is. */
export interface Visit extends BrowserContextOptions {
  readonly state?: PlaygroundState;
  readonly hash?: string;
}

/** The built page in a real browser, served by the command as a user would. */
export class PlaygroundBrowser {
  /** What any page said on its console as an error or a warning, or threw. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly server: ChildProcess,
    readonly address: string,
  ) {}

  static async start(): Promise<PlaygroundBrowser> {
    const executablePath = browserPath();
    const server = spawn(process.execPath, [resolve('dist/cli/main.js'), 'playground', '--port', '0']);
    const address = await addressOf(server);
    const browser = await chromium
      .launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
      .catch((error: unknown) => {
        server.kill('SIGTERM');
        throw error;
      });
    return new PlaygroundBrowser(browser, server, address);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.kill('SIGTERM');
  }

  /** Ends the server and not the browser: what a page is without a network. */
  async stopServer(): Promise<void> {
    const ended = new Promise((done) => this.server.once('close', done));
    this.server.kill('SIGTERM');
    await ended;
  }

  /** A page in a profile of its own. */
  async open({ state, hash = '', ...options }: Visit = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
    await page.goto(`${this.address}${state ? hashOfState(state) : hash}`);
    return page;
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((done, fail) => {
    server.stdout?.once('data', (chunk: Buffer) => {
      const address = /http:\/\/\S+\//.exec(chunk.toString())?.[0];
      if (address === undefined) fail(new Error(`expected an address, got ${chunk.toString()}`));
      else done(address);
    });
    server.once('close', () => {
      fail(new Error(`expected a server, got: ${said}; build first (npm run build)`));
    });
  });
}
