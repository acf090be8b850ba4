import { Command } from 'commander';
import type { Context } from './context.js';
import { quoteValue, RelucentError } from '../src/error.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const examples = `
Examples:
  source <(relucent completion bash)                                       in ~/.bashrc
  source <(relucent completion zsh)                                        in ~/.zshrc, after compinit
  relucent completion fish > ~/.config/fish/completions/relucent.fish      once`;

/** A verb with its options, as the scripts need them. */
interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly long: string; readonly takesValue: boolean; readonly text: string }[];
}

/** `relucent completion`: a script that completes verbs, options and file names. */
export function completionCommand({ terminal }: Context): Command {
  return new Command('completion')
    .summary('print a script that completes the command line')
    .description('Prints a script for bash, zsh or fish that completes verbs, options and file names.')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText('after', examples)
    .action((shell: string, _: unknown, command: Command) => {
      const found = SHELLS.find((name) => name === shell);
      if (!found) {
        throw new RelucentError(
          'invalid-argument',
          'shell',
          `expected ${SHELLS.map((name) => `"${name}"`).join(' or ')}, got ${quoteValue(shell)}`,
        );
      }
      terminal.print(script(found, verbsOf(command.parent ?? command)));
    });
}

function verbsOf(program: Command): Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: [
      ...command.options.map(({ long, required, optional, description }) => ({
        long: long ?? '',
        takesValue: required || optional,
        text: description,
      })),
      { long: '--help', takesValue: false, text: 'show the help' },
    ].filter(({ long }) => long !== ''),
  }));
}

function script(shell: Shell, verbs: readonly Verb[]): string {
  switch (shell) {
    case 'bash':
      return bash(verbs);
    case 'zsh':
      return zsh(verbs);
    case 'fish':
      return fish(verbs);
    default:
      return shell satisfies never;
  }
}

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map(
    ({ name, options }) => `    ${name}) words=${quoted(options.map(({ long }) => long).join(' '))} ;;`,
  );
  return `# relucent: completion for bash
_relucent() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W ${quoted([...verbs.map(({ name }) => name), '--help', '--version'].join(' '))} -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _relucent relucent`;
}

function zsh(verbs: readonly Verb[]): string {
  const described = (name: string, text: string): string => quoted(`${name.replaceAll(':', '\\:')}:${text}`);
  const cases = verbs.map(
    ({ name, options }) =>
      `    ${name}) options=(${options.map(({ long, text }) => described(long, text)).join(' ')}) ;;`,
  );
  return `#compdef relucent
# relucent: completion for zsh
_relucent() {
  local -a verbs options
  verbs=(${verbs.map(({ name, summary }) => described(name, summary)).join(' ')})
  if (( CURRENT == 2 )); then
    _describe 'verb' verbs
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe -o 'option' options
  else
    _files
  fi
}
compdef _relucent relucent`;
}

function fish(verbs: readonly Verb[]): string {
  const names = verbs.map(({ name }) => name).join(' ');
  const lines = verbs.flatMap(({ name, summary, options }) => [
    `complete -c relucent -f -n ${quoted(`not __fish_seen_subcommand_from ${names}`)} -a ${name} -d ${quoted(summary)}`,
    ...options.map(
      ({ long, takesValue, text }) =>
        `complete -c relucent -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${long.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(text)}`,
    ),
  ]);
  return ['# relucent: completion for fish', ...lines].join('\n');
}

/** Text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
