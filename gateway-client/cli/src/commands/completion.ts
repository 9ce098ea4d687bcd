import { Argument } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { commandTree } from '../completion/commandTree.js';
import { SHELLS } from '../completion/shells.js';
import type { Shell } from '../completion/shells.js';
import { EXIT } from '../exit.js';

const HELP = `
bash: source <(tracecal completion bash), in ~/.bashrc
zsh:  source <(tracecal completion zsh), in ~/.zshrc after compinit
fish: tracecal completion fish > ~/.config/fish/completions/tracecal.fish`;

/** @param root - The program, once it has all its commands. */
export function completion(host: Host, root: () => Command): Command {
  return commandOf(
    {
      usage: 'completion',
      description: 'Print a script with which a shell completes commands, options and their values.',
      example: 'completion bash',
      acting: 'none',
      configure: (command) =>
        command
          .addArgument(new Argument('<shell>', 'for which shell').choices(Object.keys(SHELLS)))
          .addHelpText('after', HELP),
      run({ terminal }, [shell = '']) {
        const script = SHELLS[shell as Shell](commandTree(root()));
        if (terminal.isJson) {
          terminal.result({ shell, script }, () => script);
        } else {
          terminal.verbatim(script);
        }
        return Promise.resolve(EXIT.yes);
      },
    },
    host,
  );
}
