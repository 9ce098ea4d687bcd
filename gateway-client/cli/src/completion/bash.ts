import type { CompletedCommand, Values } from './commandTree.js';
import { quoted } from '../text/quoted.js';

/** A script for bash, also the old one of macOS. */
export function bashCompletion(tree: readonly CompletedCommand[]): string {
  return `# Completion of tracecal for bash: source <(tracecal completion bash)
_tracecal() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} spot='' words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${spot:+$spot }\${COMP_WORDS[i]}" in
      ${paths(tree)}) spot="\${spot:+$spot }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$spot|$prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$spot" in
${tree.map(wordCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
_tracecal_files() {
  local IFS=$'\\n'
  compopt -o filenames 2> /dev/null
  COMPREPLY=($(compgen -f -- "$1"))
}
complete -F _tracecal tracecal
`;
}

function paths(tree: readonly CompletedCommand[]): string {
  return tree.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join(' | ');
}

/** What follows an option that takes a value. */
function valueCases({ path, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ word, value }) =>
    value ? [`    ${quoted(`${path}|${word}`)}) ${valueLine(value)}return ;;`] : [],
  );
}

function valueLine(value: Values): string {
  switch (value.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W ${quoted(value.words.join(' '))} -- "$cur")); `;
    case 'file':
      return '_tracecal_files "$cur"; ';
    case 'any':
      return '';
  }
}

function wordCase({ path, commands, options, argument }: CompletedCommand): string {
  const words = [...commands, ...options].map(({ word }) => word);
  const first = argument.kind === 'words' ? argument.words : [];
  const files = argument.kind === 'file' ? '[[ $cur == -* ]] || { _tracecal_files "$cur"; return; }; ' : '';
  return `    ${quoted(path)}) ${files}words=${quoted([...first, ...words].join(' '))} ;;`;
}
