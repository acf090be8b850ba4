import { basename, dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { RelucentError } from '../src/error.js';
import { EXPORT_FORMS, exportedFile, type ExportForm } from '../src/training/export-model.js';
import type { Context } from './context.js';
import { choiceOption } from './option-values.js';
import { readModelFile } from './read-model.js';
import { writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent export iris-relucent/model.json --as onnx --out iris.onnx
  relucent export iris-relucent/model.json --as ts --out iris.ts
  relucent export iris.onnx --as json --out model.json
  relucent export iris-relucent/model.json --as mlp > iris-mlp.json

The whole model, preprocessing included (docs/guide/formats.md):
  onnx         standard operators, float64; one input per column; for onnxruntime and the like
  safetensors  weights by name, the rest of the model in the metadata
  js, ts       a source file without imports: predict(row), predictProba(row)
  json         model.json
relucent reads onnx, safetensors and json back; a source file it does not.

Its networks alone, as JSON, in forms that predict the same (docs/guide/architectures.md):
  parallel     the sub-networks as they were trained, gates included
  mlp          one plain network: linear layers with a ReLU between them, no biases
  resnet       blocks  h ← h + write·(read·h)₊  from h = (x, 0, …, 0), then a linear readout
There the file holds one network for each output, and "input" and "target" for the scaling before and after them.
Filling missing cells and reading categories stay in model.json.`;

interface Flags {
  readonly as?: ExportForm;
  readonly out?: string;
}

/** `relucent export`: a model in another format, or its networks in another form. */
export function exportCommand(context: Context): Command {
  return new Command('export')
    .summary('write a model in another format')
    .description(
      'Writes a model as ONNX, safetensors or source code, or its networks as JSON in one of three forms.',
    )
    .argument('<model>', 'model.json that relucent train wrote, or a file that relucent export wrote')
    .addOption(
      new Option(
        '--as <FORM>',
        'onnx, safetensors, js, ts, json, parallel, mlp or resnet (required)',
      ).argParser(choiceOption('--as', EXPORT_FORMS)),
    )
    .option('--out <FILE>', 'write to a file instead of standard output')
    .addHelpText('after', examples)
    .action(async (path: string, flags: Flags) => {
      await exportFile(context, path, flags);
    });
}

async function exportFile({ terminal, signal }: Context, path: string, { as, out }: Flags): Promise<void> {
  if (as === undefined) {
    const forms = EXPORT_FORMS.join(' or ');
    throw argument('--as', `expected ${forms}, got none; pass for example --as onnx`);
  }
  if (out !== undefined && resolve(out) === resolve(path)) {
    throw argument('--out', `expected a new file, got the model ${path}; name another file`);
  }
  if (out === undefined && (as === 'onnx' || as === 'safetensors')) {
    throw argument(
      '--out',
      `expected a file for the bytes of ${as}, got none; pass for example --out model.${as}`,
    );
  }
  const content = exportedFile(await readModelFile(path, signal), as);
  if (out !== undefined) await writeFiles(dirname(out), [{ name: basename(out), text: content }], signal);
  else if (typeof content === 'string') terminal.print(content.trimEnd());
}

function argument(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
