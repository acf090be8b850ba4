import { basename, dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { quoteValue, RelucentError } from '../src/error.js';
import { REPORT_FORMATS, type ReportFormat } from '../src/report/report-format-names.js';
import type { ReportInput } from '../src/report/report-input.js';
import { reportFromJson } from '../src/report/report-json.js';
import { loadModel } from '../src/training/predict-table.js';
import { reportOfModel } from '../src/training/report-of-outcome.js';
import type { Context } from './context.js';
import { choiceOption } from './option-values.js';
import { readJson } from './read-json.js';
import { writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent report iris-relucent/result.json --out iris.html          the page that train wrote, again
  relucent report iris-relucent/result.json --format md              words and tables on standard output
  relucent report iris-relucent/result.json --format json | jq .report.importances
  relucent report iris-relucent/model.json --out model.html          what a model is, without rows and scores

result.json holds everything that the page shows; a report made from it again is the same bytes. A model.json holds the
network, its certificate and the preprocessing, so its report has neither scores nor predictions nor convergence.`;

interface Flags {
  readonly format: ReportFormat;
  readonly out?: string;
}

/** `relucent report`: the report of a saved run or model, in any of its forms. */
export function reportCommand(context: Context): Command {
  return new Command('report')
    .summary('make the report of a saved run again, as HTML, Markdown or JSON')
    .description('Makes the report of a saved run or model as one page, as Markdown, or as JSON.')
    .argument('<file>', 'result.json, report.json or model.json')
    .addOption(
      new Option('--format <FORM>', REPORT_FORMATS.join(', '))
        .argParser(choiceOption('--format', REPORT_FORMATS))
        .default('html'),
    )
    .option('--out <FILE>', 'write to a file instead of standard output')
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => {
      await report(context, file, flags);
    });
}

async function report({ terminal, signal }: Context, path: string, { format, out }: Flags): Promise<void> {
  if (out !== undefined && resolve(out) === resolve(path)) {
    throw new RelucentError(
      'invalid-argument',
      '--out',
      `expected a new file, got the input ${path}; name another file`,
    );
  }
  const input = await readReport(path, signal);
  const { reportText } = await import('../src/report/report-formats.js');
  const text = reportText(format, input);
  signal.throwIfAborted();
  if (out === undefined) terminal.print(text.trimEnd());
  else await writeFiles(dirname(out), [{ name: basename(out), text }], signal);
}

/** The report in a file, whichever of the three it is. @throws RelucentError naming file and field */
async function readReport(path: string, signal: AbortSignal): Promise<ReportInput> {
  const json = await readJson(
    path,
    {
      noun: 'a result, report or model file',
      code: 'invalid-argument',
      fix: 'pass the result.json that relucent train wrote',
    },
    signal,
  );
  try {
    return reportOf(json, path);
  } catch (error) {
    if (error instanceof RelucentError) throw new RelucentError(error.code, path, error.message);
    throw error;
  }
}

function reportOf(json: unknown, path: string): ReportInput {
  const found = (json ?? {}) as { readonly format?: unknown; readonly report?: unknown };
  switch (found.format) {
    case 'relucent-report':
      return reportFromJson(json);
    case 'relucent-result':
      if (found.report === undefined) {
        throw new RelucentError(
          'invalid-argument',
          'report',
          'expected the content of the report, got a result of an older relucent without it; train again',
        );
      }
      return reportFromJson(found.report);
    case 'relucent-model':
      return reportOfModel(loadModel(json), basename(path));
    default:
      throw new RelucentError(
        'invalid-argument',
        'format',
        `expected "relucent-result", "relucent-report" or "relucent-model", got ${quoteValue(found.format)}; pass the result.json that relucent train wrote`,
      );
  }
}
