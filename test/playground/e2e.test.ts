import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { problemInput } from '../../playground/engine/problem-input.js';
import { trainPath } from '../../playground/engine/train-path.js';
import type { PathPoint, PlaygroundProblem } from '../../playground/protocol.js';
import type { PlaygroundState } from '../../playground/state.js';
import { defaultState } from '../../playground/url.js';
import { madePoints, taskOf } from '../../playground/data/made-sets.js';
import { solve } from '../../src/index.js';
import { boundPairText } from '../../src/report/number-text.js';
import { isWithoutBrowser, PlaygroundBrowser } from './browser.js';

if (isWithoutBrowser) console.log('RELUCENT_BROWSER=none: the playground is not tested in a browser.');

/** Small enough to be solved in a moment. */
const small: PlaygroundState = {
  ...defaultState,
  data: { kind: 'made', set: 'moons', n: 20, noise: 0.08, seed: 1 },
};

function problemOf({ data, model }: PlaygroundState): PlaygroundProblem {
  if (data.kind !== 'made') throw new TypeError('expected a made set');
  return { task: taskOf(data.set), points: madePoints(data), model };
}

async function solved(page: Page): Promise<void> {
  // Changes settle for a moment before anything is asked of the engine.
  await page.waitForTimeout(200);
  await page.waitForSelector('.training[data-phase=done]');
}

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.textContent(selector)) ?? '';
const pointCount = async (page: Page): Promise<number> => page.locator('.plane-figure .point').count();

describe.skipIf(isWithoutBrowser)('the playground in Chromium', () => {
  let started: PlaygroundBrowser | null = null;
  let playground: PlaygroundBrowser;
  const folder = mkdtempSync(join(tmpdir(), 'relucent-playground-'));

  beforeAll(async () => {
    started = playground = await PlaygroundBrowser.start();
  });
  afterEach(() => {
    expect(playground.complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await started?.stop();
    rmSync(folder, { recursive: true });
  });

  it('shows the objective and the bound of the library, proven over all arrangements', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const points: PathPoint[] = [];
    await trainPath(problemOf(small), { onPoint: (point) => points.push(point) });
    const { objective, dualBound, beta } = points[small.betaIndex]!;
    const shown = boundPairText(objective, dualBound);
    expect(await text(page, '#fact-objective')).toBe(shown.objective);
    expect(await text(page, '#fact-bound')).toBe(shown.bound);
    // From a cold start, by the function that the library exports: each bound is below both objectives.
    const result = await solve(problemInput(problemOf(small), beta));
    expect(Math.abs(result.objective - Number(shown.objective))).toBeLessThan(2e-6 * result.objective);
    expect(result.dualBound).toBeLessThanOrEqual(Number(shown.objective));
    expect(await text(page, '.verdict-line')).toBe('Global optimum, proven.');
    expect(await text(page, '#certificate')).toContain('activation patterns');
    expect(await page.locator('#bounds svg').count()).toBe(1);
    await page.context().close();
  });

  it('changes the set, its sliders and its seed', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const before = await text(page, '#fact-objective');
    await page.check('input[value=circles]');
    await solved(page);
    expect(await text(page, '#fact-objective')).not.toBe(before);
    await page.getByRole('slider', { name: 'points n' }).fill('30');
    await solved(page);
    expect(await pointCount(page)).toBe(30);
    const places = await page.locator('.plane-figure .points').innerHTML();
    await page.getByRole('slider', { name: 'noise' }).fill('0.2');
    expect(await page.locator('.plane-figure .points').innerHTML()).not.toBe(places);
    await page.getByRole('button', { name: 'New seed' }).click();
    await page.check('input[value=sine]');
    await solved(page);
    expect(await text(page, '#path')).toContain('train R²');
    expect(await page.locator('.curve .fit').getAttribute('d')).toMatch(/^M/);
    await page.context().close();
  });

  it('draws, drags and removes points, and takes them as a table', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const box = (await page.locator('.plane-figure svg').boundingBox())!;
    const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    await page.click('#draw');
    await page.check('input[name=pen][value=minus]');
    await page.mouse.click(...at(0.12, 0.12));
    expect(await pointCount(page)).toBe(21);
    const drawn = page.locator('.plane-figure .point').last();
    expect(await drawn.getAttribute('class')).toContain('minus');
    const before = await drawn.getAttribute('d');
    await page.mouse.move(...at(0.12, 0.12));
    await page.mouse.down();
    await page.mouse.move(...at(0.3, 0.3), { steps: 4 });
    await page.mouse.up();
    expect(await pointCount(page)).toBe(21);
    expect(await drawn.getAttribute('d')).not.toBe(before);
    await solved(page);
    await page.check('input[name=pen][value=erase]');
    await page.mouse.click(...at(0.3, 0.3));
    expect(await pointCount(page)).toBe(20);
    // The same by keyboard.
    await page.getByText('Points as a table').click();
    await page.getByRole('button', { name: 'Add a point' }).click();
    await page.getByLabel('x of point 21').fill('0.5');
    await page.getByLabel('x of point 21').press('Enter');
    await page.getByLabel('class of point 21').selectOption('-1');
    await page.getByRole('button', { name: 'Remove point 1', exact: true }).click();
    expect(await pointCount(page)).toBe(20);
    await solved(page);
    await page.context().close();
  });

  it('takes pasted and dropped tables, and says what is wrong with one', async () => {
    const page = await playground.open({ state: small });
    await page.click('#csv');
    await page.fill('dialog textarea', 'a,b\nx,y\n');
    expect(await text(page, 'dialog [role=alert]')).toContain('expected two columns of numbers');
    const rows = Array.from({ length: 12 }, (_, i) => `${i},${(i * 7) % 5},${i % 3 === 0 ? 'yes' : 'no'}`);
    await page.fill('dialog textarea', ['width,height,ripe', ...rows].join('\n'));
    await page.getByRole('combobox', { name: 'class', exact: true }).selectOption('ripe');
    await page.click('#csv-use');
    expect(await pointCount(page)).toBe(12);
    await solved(page);
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['u;v\n1;2\n2;4\n3;5\n4;9\n'], 'drop.csv', { type: 'text/csv' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    });
    await page.getByRole('button', { name: 'Use 4 points' }).click();
    await solved(page);
    expect(await text(page, '#path')).toContain('train R²');
    await page.context().close();
  });

  it('changes depth, loss, formulation and arrangements, and says what is proven', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    await page.check('input[name=loss][value=squared-hinge]');
    await solved(page);
    expect(await text(page, '.verdict-line')).toBe('Global optimum, proven.');
    await page.check('input[name=patterns][value=sampled]');
    await page.check('input[name=depth][value="3"]');
    await solved(page);
    expect(await text(page, '.verdict-line')).toBe('Optimal among the patterns used.');
    expect(await text(page, '#certificate')).toContain('no claim about all arrangements');
    expect(await page.locator('.unit.deep').count()).toBeGreaterThan(0);
    await page.getByRole('slider', { name: 'first-layer units' }).fill('3');
    await page.check('input[name=formulation][value=gated]');
    await solved(page);
    expect(await text(page, '#certificate')).toContain('gated network of this form');
    await page.check('input[name=depth][value="4"]');
    await solved(page);
    expect(await text(page, '#certificate')).toContain('trees');
    await page.context().close();
  });

  it('moves along the path by arrow keys, instantly', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const slider = page.locator('#beta');
    await slider.focus();
    const before = await text(page, '#fact-objective');
    await slider.press('ArrowRight');
    expect(await text(page, '#fact-objective')).not.toBe(before);
    expect(await slider.getAttribute('aria-valuetext')).toContain('of β max');
    await slider.press('Home');
    expect(await text(page, '#fact-networks')).toBe('0');
    expect(await text(page, '#network')).toContain('The zero network');
    expect(await text(page, '#group-count')).toMatch(/^0 of/);
    await slider.press('End');
    expect(Number(await text(page, '#fact-networks'))).toBeGreaterThan(1);
    await page.context().close();
  });

  it('links a unit in the plane, the diagram and the bars', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const unit = page.locator('.hidden-unit').first();
    const k = await unit.getAttribute('data-sub-network');
    await unit.focus();
    expect(await text(page, '.readout')).toMatch(new RegExp(`^Sub-network ${Number(k) + 1}: .*path norm`));
    expect(await page.locator('.bar.on').getAttribute('data-sub-network')).toBe(k);
    expect(await page.locator('.unit.on').getAttribute('data-sub-network')).toBe(k);
    const regions = await page.screenshot({
      clip: (await page.locator('.plane-figure .plane').boundingBox())!,
    });
    await page.locator('#beta').focus();
    expect(await page.locator('.bar.on').count()).toBe(0);
    expect(
      (await page.screenshot({ clip: (await page.locator('.plane-figure .plane').boundingBox())! })).equals(
        regions,
      ),
    ).toBe(false);
    await page.locator('.bar').nth(1).hover();
    expect(await page.locator('.unit.on').count()).toBe(1);
    await page.getByLabel('Cells of the arrangement').check();
    await page.mouse.move(0, 0);
    expect(await text(page, '.readout')).toMatch(/^\d+ cells: on each the first layer is linear/);
    await page.context().close();
  });

  it('races gradient descent, never below the bound, and tries another seed', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const bound = Number(await text(page, '#fact-bound'));
    await page.click('#race-start');
    await page.waitForSelector('#race-stop');
    await page.waitForSelector('#race-start');
    expect(await text(page, '#race-result')).toMatch(
      /above the optimum after 2,000 steps|At the certified optimum/,
    );
    const reached = Number(await page.locator('.small-plane b').first().textContent());
    expect(reached).toBeGreaterThan(bound * (1 - 1e-4));
    await page.click('#race-again');
    await page.click('#race-stop');
    expect(await text(page, '#race-result')).toContain('2 tries so far');
    expect(await text(page, '#announcer')).toMatch(/^Race: /);
    // Another β is another objective.
    await page.locator('#beta').press('ArrowLeft');
    await page.waitForFunction(() =>
      document.querySelector('#race-result')?.textContent.startsWith('Not started'),
    );
    await page.context().close();
  });

  it('keeps its state in the link, and refuses a bad one in words', async () => {
    const page = await playground.open({ state: small });
    await page.getByRole('slider', { name: 'points n' }).fill('24');
    await page.locator('#beta').press('ArrowLeft');
    await solved(page);
    await page.waitForFunction(() => location.hash.includes('24'));
    const facts = await text(page, '.facts');
    const again = await playground.open({ hash: new URL(page.url()).hash });
    await solved(again);
    expect(await text(again, '.facts')).toBe(facts);
    await page.context().close();
    await again.context().close();
    const bad = await playground.open({ hash: '#v=1&beta=99' });
    expect(await text(bad, '.link-message')).toContain('betaIndex: expected a whole number from 0 to 30');
    await solved(bad);
    await bad.context().close();
  });

  it('exports network, picture and data', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    const saved = async (form: string): Promise<Buffer> => {
      const waiting = page.waitForEvent('download');
      await page.click(`#save-${form}`);
      return readFile(await (await waiting).path());
    };
    const objective = Number(await text(page, '#fact-objective'));
    const json = JSON.parse((await saved('parallel')).toString()) as { format: string; beta: number };
    expect(json.format).toBe('relucent-certify');
    expect(JSON.parse((await saved('mlp')).toString())).toMatchObject({ network: { architecture: 'mlp' } });
    expect((await saved('onnx')).length).toBeGreaterThan(200);
    const module = join(folder, 'network.mjs');
    await writeFile(module, await saved('js'));
    const { predict } = (await import(pathToFileURL(module).href)) as { predict: (row: number[]) => number };
    const { points } = problemOf(small);
    const right = points.filter(({ x, y, label }) => predict([x, y]) === label).length;
    expect((right / points.length).toFixed(4)).toBe(await text(page, '#fact-score'));
    const svg = (await saved('svg')).toString();
    expect(svg).toMatch(/^<svg [^>]*xmlns=/);
    expect(svg).toContain(`Objective ${await text(page, '#fact-objective')}`);
    expect(svg.match(/<circle/g)).toHaveLength(10);
    expect([...(await saved('png')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    const csv = (await saved('csv')).toString().trim().split('\n');
    expect(csv).toHaveLength(21);
    expect(csv[0]).toBe('x,y,label');
    expect(objective).toBeGreaterThan(0);
    await page.context().close();
  });

  it('takes a newcomer through the tour by keyboard, once', async () => {
    const page = await playground.open({ state: small });
    await page.locator('#tour').press('Enter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('1 of 6');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('tour');
    await dialog.getByText('Show the formula').click();
    expect(await dialog.locator('.formula').isVisible()).toBe(true);
    for (let step = 2; step <= 6; step++) {
      await dialog.getByRole('button', { name: 'Next' }).press('Enter');
      expect(await dialog.textContent()).toContain(`${step} of 6`);
    }
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tour');
    await page.reload();
    expect(await page.locator('#tour.primary').count()).toBe(0);
    await page.context().close();
  });

  it('never freezes: a long training is heard of at once, cancelled at once, and its part is kept', async () => {
    const page = await playground.open({
      state: { ...small, data: { kind: 'made', set: 'spiral', n: 140, noise: 0.05, seed: 1 } },
    });
    await page.waitForSelector('.training[data-phase=training], .training[data-phase=waiting]');
    if ((await page.locator('#train').count()) > 0) await page.click('#train');
    await page.waitForFunction(() => parseInt(document.querySelector('#solved')?.textContent ?? '') > 1);
    await page.click('#cancel');
    await page.waitForSelector('.training[data-phase=cancelled]');
    // Most of the path was still to come: it was not waited for.
    expect(parseInt(await text(page, '#solved'))).toBeLessThan(25);
    expect(await text(page, '#announcer')).toContain('cancelled');
    await page.locator('#beta').press('Home');
    expect(await text(page, '#fact-networks')).toBe('0');
    await page.context().close();
  });

  it('says first when a size would take long, and trains it when told to', async () => {
    const page = await playground.open({
      state: { ...small, model: { ...small.model, depth: 3, widths: [2] } },
    });
    await page.waitForSelector('.training[data-phase=waiting]');
    expect(await text(page, '.training .note')).toContain('will take');
    expect(await text(page, '#fact-objective')).toBe('–');
    await page.click('#train');
    await page.waitForSelector('.training[data-phase=training]');
    await page.click('#cancel');
    await page.waitForSelector('.training[data-phase=cancelled]');
    await page.context().close();
  });

  it('has no accessibility violation that axe finds, light or dark', async () => {
    const page = await playground.open({ state: small, bypassCSP: true });
    await solved(page);
    await page.getByText('Points as a table').click();
    await page.click('#draw');
    await page.addScriptTag({ content: axe.source });
    const checkBoth = async (): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await violations(page), colorScheme).toEqual([]);
      }
    };
    await checkBoth();
    await page.click('#tour');
    await page.getByText('Show the formula').click();
    await checkBoth();
    await page.keyboard.press('Escape');
    await page.click('#csv');
    await page.fill('dialog textarea', 'a,b,c\n1,2,u\n2,3,v\n');
    await page.waitForSelector('#csv-use:not([disabled])');
    await checkBoth();
    await page.context().close();
  });

  it('fits every width from phone to desktop without scrolling sideways', async () => {
    const page = await playground.open({ state: small });
    await solved(page);
    await page.click('#draw');
    await page.getByText('Points as a table').click();
    for (const width of [360, 390, 600, 768, 1024, 1280, 1600]) {
      await page.setViewportSize({ width, height: 844 });
      await page.waitForTimeout(50);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    await page.context().close();
  });
});

it.skipIf(isWithoutBrowser)('opens again, trains and races without a network', async () => {
  const playground = await PlaygroundBrowser.start();
  try {
    const page = await playground.open({ state: small });
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await playground.stopServer();
    await page.reload();
    await solved(page);
    expect(await text(page, '#fact-objective')).toMatch(/^[\d.]+$/);
    await page.click('#race-start');
    await page.waitForFunction(() =>
      / above |At the/.test(document.querySelector('#race-result')?.textContent ?? ''),
    );
  } finally {
    await playground.stop();
  }
});

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found = (window as unknown as { axe: typeof axe }).axe;
    const results = await found.run();
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  });
}
