import type { CompletedCommand, CompletedWord, Values } from './commandTree.js';

/** A script for fish. */
export function fishCompletion(tree: readonly CompletedCommand[]): string {
  const paths = tree.flatMap(({ path }) => (path === '' ? [] : [fishQuoted(path)]));
  return `# Completion of tracecal for fish: tracecal completion fish | source
function __tracecal_at
    set -l spot
    for word in (commandline -opc)[2..-1]
        if contains -- "$spot $word" ${paths.map((path) => path.replace(/^'/, "' ")).join(' ')}
            set spot "$spot $word"
        end
    end
    test "$spot" = "$argv[1]"
end
complete -c tracecal -f
${tree.flatMap(lines).join('\n')}
`;
}

function lines({ path, commands, options, argument }: CompletedCommand): readonly string[] {
  const at = `complete -c tracecal -n ${fishQuoted(`__tracecal_at "${path === '' ? '' : ` ${path}`}"`)}`;
  return [
    ...commands.map((command) => `${at} -a ${command.word} ${aboutOf(command)}`),
    ...(argument.kind === 'any' ? [] : [`${at} ${valueOf(argument).replace(/^-[rx] /, '')}`]),
    ...options.map(
      (option) =>
        `${at} -l ${option.word.replace(/^--/, '')}${option.value ? ` ${valueOf(option.value)}` : ''} ${aboutOf(option)}`,
    ),
  ];
}

function valueOf(value: Values): string {
  switch (value.kind) {
    case 'words':
      return `-x -a ${fishQuoted(value.words.join(' '))}`;
    case 'file':
      return '-r -F';
    case 'any':
      return '-x';
  }
}

function aboutOf({ about }: CompletedWord): string {
  return `-d ${fishQuoted(about)}`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
