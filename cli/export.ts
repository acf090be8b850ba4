import { basename, dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { RelucentError } from '../src/error.js';
import { ARCHITECTURES, exportModel, type ArchitectureName } from '../src/training/export-model.js';
import type { Context } from './context.js';
import { choiceOption } from './option-values.js';
import { readModelFile } from './read-model.js';
import { writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent export iris-relucent/model.json --as mlp > iris-mlp.json
  relucent export iris-relucent/model.json --as resnet --out iris-resnet.json

The forms, which predict the same:
  parallel  the sub-networks as they were trained, gates included
  mlp       one plain network: linear layers with a ReLU between them, no biases
  resnet    blocks  h ← h + write·(read·h)₊  from h = (x, 0, …, 0), then a linear readout

The file holds one network for each output, and "input" and "target" for the scaling before and after them. Filling
missing cells and reading categories stay in model.json. docs/guide/architectures.md has the fields.`;

interface Flags {
  readonly as?: ArchitectureName;
  readonly out?: string;
}

/** `relucent export`: the networks of a model as JSON in one of several forms. */
export function exportCommand(context: Context): Command {
  return new Command('export')
    .summary('write the networks of a model in another form')
    .description('Writes the networks of a model as JSON: parallel, as one plain MLP, or as a ResNet.')
    .argument('<model>', 'model.json written by relucent train')
    .addOption(
      new Option('--as <FORM>', 'parallel, mlp or resnet (required)').argParser(
        choiceOption('--as', ARCHITECTURES),
      ),
    )
    .option('--out <FILE>', 'write to a file instead of standard output')
    .addHelpText('after', examples)
    .action(async (path: string, flags: Flags) => {
      await exportFile(context, path, flags);
    });
}

async function exportFile({ terminal, signal }: Context, path: string, { as, out }: Flags): Promise<void> {
  if (as === undefined) {
    const forms = ARCHITECTURES.join(' or ');
    throw new RelucentError(
      'invalid-argument',
      '--as',
      `expected ${forms}, got none; pass for example --as mlp`,
    );
  }
  if (out !== undefined && resolve(out) === resolve(path)) {
    throw new RelucentError(
      'invalid-argument',
      '--out',
      `expected a new file, got the model ${path}; name another file`,
    );
  }
  const text = JSON.stringify(exportModel(await readModelFile(path, signal), as));
  if (out === undefined) terminal.print(text);
  else await writeFiles(dirname(out), [{ name: basename(out), text: `${text}\n` }], signal);
}
