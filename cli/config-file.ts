import type { Command, Option } from 'commander';
import { z } from 'zod';
import { quoteValue, RelucentError } from '../src/error.js';
import type { Context } from './context.js';
import { collect } from './option-values.js';
import { readJson } from './read-json.js';

const single = z.union([z.string(), z.number()]);
const schema = z.record(z.string(), z.union([single, z.boolean(), z.array(single)]));

/** Gives a command the option --config: a JSON file of its other options. What is typed wins over the file. */
export function withConfigFile(command: Command, { signal }: Context): Command {
  return command
    .option('--config <FILE>', 'take options from a JSON file, as { "depth": 3 }; those typed here win')
    .hook('preAction', async (_, action) => {
      const { config } = action.opts<{ config?: string }>();
      if (config !== undefined) await applyConfig(action, config, signal);
    });
}

async function applyConfig(command: Command, path: string, signal: AbortSignal): Promise<void> {
  const kind = { noun: 'a file of options', code: 'invalid-argument', fix: 'correct the file' } as const;
  const parsed = schema.safeParse(await readJson(path, kind, signal));
  if (!parsed.success) {
    const key = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    throw invalid(
      key === '' ? path : `${path} ${quoteValue(key)}`,
      'expected an object of options, each a text, a number, true or false, or a list; correct the file',
    );
  }
  for (const [key, value] of Object.entries(parsed.data)) {
    const option = command.options.find(
      (candidate) => candidate.attributeName() === key || candidate.long === `--${key}`,
    );
    if (!option || option.attributeName() === 'config') throw unknown(command, path, key);
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === 'cli') continue;
    command.setOptionValueWithSource(name, valueOf(option, value, `${path} ${quoteValue(key)}`), 'config');
  }
}

/** The value as the command line would have read it. */
function valueOf(option: Option, value: z.infer<typeof schema>[string], where: string): unknown {
  if (!option.required && !option.optional) {
    if (typeof value === 'boolean') return value;
    throw invalid(where, `expected true or false, got ${quoteValue(value)}`);
  }
  if (typeof value === 'boolean') {
    throw invalid(where, `expected a value of ${option.flags}, got ${value}; give a text or a number`);
  }
  const parseArg: ((text: string, previous: unknown) => unknown) | undefined = option.parseArg;
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  if (!parseArg) return texts.join(',');
  if (parseArg !== collect) return parseArg(texts.join(','), undefined);
  return texts.reduce<readonly string[]>((previous, text) => collect(text, previous), []);
}

function unknown(command: Command, path: string, key: string): RelucentError {
  const known = command.options
    .map(({ long }) => (long ?? '').replace(/^--/, ''))
    .filter((name) => name !== 'config');
  return invalid(
    `${path} ${quoteValue(key)}`,
    `expected an option of relucent ${command.name()}, got an unknown one; it has ${known.join(', ')}`,
  );
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
