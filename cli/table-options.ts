import { Option, type Command } from 'commander';
import { choiceOption, collect } from './option-values.js';
import { delimiter } from './train-values.js';

/** Gives a verb that trains the options that say how its table is read. */
export function withTableOptions(command: Command): Command {
  return command
    .option('--target <COLUMN>', 'column to predict (required)')
    .addOption(
      new Option('--task <TASK>', 'regression or classification (default: read off the target)').argParser(
        choiceOption('--task', ['regression', 'classification']),
      ),
    )
    .option('--query <SQL>', 'a SELECT from the table "data", which is the file, to train on')
    .option('--drop <COLUMN>', 'leave a column out; may be repeated', collect)
    .option('--categorical <COLUMN>', 'take the numbers of a column for categories; may be repeated', collect)
    .addOption(
      new Option('--delimiter <CHAR>', '",", ";" or "tab" (default: read off the header)').argParser(
        delimiter,
      ),
    );
}
