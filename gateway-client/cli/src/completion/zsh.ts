import type { CompletedCommand, CompletedWord, Values } from './commandTree.js';
import { quoted } from '../text/quoted.js';

/** A script for zsh: a file `_tracecal` on fpath, or sourced. Arrays called `commands` and `options` are zsh's own. */
export function zshCompletion(tree: readonly CompletedCommand[]): string {
  const paths = tree.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]));
  return `#compdef tracecal
# Completion of tracecal for zsh: source <(tracecal completion zsh)
_tracecal() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} spot='' i
  local -a subcommands flags
  for ((i = 2; i < CURRENT; i++)); do
    case "\${spot:+$spot }\${words[i]}" in
      ${paths.join(' | ')}) spot="\${spot:+$spot }\${words[i]}" ;;
    esac
  done
  case "$spot|$prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$spot" in
${tree.map(commandCase).join('\n')}
  esac
  [[ $cur == -* ]] || (( ! $#subcommands )) || _describe 'command' subcommands
  _describe -o 'option' flags
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _tracecal "$@"
else
  compdef _tracecal tracecal
fi
`;
}

function valueCases({ path, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ word, value }) =>
    value ? [`    ${quoted(`${path}|${word}`)}) ${valueLine(value)}return ;;`] : [],
  );
}

function valueLine(value: Values): string {
  switch (value.kind) {
    case 'words':
      return `compadd -- ${value.words.map(quoted).join(' ')}; `;
    case 'file':
      return '_files; ';
    case 'any':
      return '';
  }
}

function commandCase({ path, commands, options, argument }: CompletedCommand): string {
  const argumentLine = argument.kind === 'any' ? '' : `[[ $cur == -* ]] || { ${valueLine(argument)}}; `;
  return `    ${quoted(path)}) ${argumentLine}subcommands=(${described(commands)}); flags=(${described(options)}) ;;`;
}

function described(words: readonly CompletedWord[]): string {
  return words.map(({ word, about }) => quoted(`${word}:${about.replaceAll(':', '\\:')}`)).join(' ');
}
