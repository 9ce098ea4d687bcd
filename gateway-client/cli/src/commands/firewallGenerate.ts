import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationError, atomicWrite } from '@tracecal/gateway-client/application';
import { machineNamed, rulesetOf } from '@tracecal/network/firewall';
import type { FirewallPlan, Machine } from '@tracecal/network/firewall';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { firewallPlan } from '../network/firewallPlan.js';

interface Options {
  readonly host?: string;
  readonly all?: boolean;
  readonly output?: string;
  readonly consortium?: string;
}

export function firewallGenerate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'generate',
      description:
        'Write the nftables ruleset of a machine, derived from the description: default deny in both directions. Needs no running network; changes nothing on this machine.',
      example: 'firewall generate --all -o ./firewall --consortium consortium.yaml',
      acting: 'none',
      configure: (command) =>
        command
          .option('--host <name>', 'the machine: its host in the description, its address, or the name of a node on it')
          .option('--all', 'all machines, one file each; needs -o')
          .addOption(new Option('--format <format>', 'form of the ruleset').choices(['nft']).default('nft'))
          .option('-o, --output <folder>', 'folder for the files <host>.nft (default: print)')
          .option('--consortium <file>', 'description of the consortium'),
      async run({ terminal, data }, _args, { host: name, all = false, output, consortium }) {
        if ((name === undefined) !== all || (all && output === undefined)) {
          throw new ApplicationError('USAGE', 'Say either --host, or --all together with -o.');
        }
        const plan = await firewallPlan(data, consortium);
        const machines = name === undefined ? plan.machines : [machineNamed(plan, name)];
        warnings(plan, machines, terminal);
        const rulesets = machines.map((machine) => ({ host: machine.name, ruleset: rulesetOf(plan, machine) }));
        if (output === undefined) {
          terminal.result({ rulesets }, () => rulesets.map(({ ruleset }) => ruleset.trimEnd()).join('\n'));
          return EXIT.yes;
        }
        await makeFolder(output);
        const files = rulesets.map((each) => ({ host: each.host, file: join(output, `${each.host}.nft`) }));
        for (const [index, { file }] of files.entries()) await atomicWrite(file, rulesets[index]?.ruleset ?? '');
        terminal.result({ files }, () =>
          files.map((each) => `${each.file}: load it on ${each.host} with nft -f`).join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** Whoever generates again writes into the folder of the last time. @throws ApplicationError `FILE_UNWRITABLE` */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new ApplicationError('FILE_UNWRITABLE', `${folder} cannot be made: name another folder with -o.`, { cause });
  }
}

function warnings(plan: FirewallPlan, machines: readonly Machine[], terminal: Invocation['terminal']): void {
  for (const { from, to, port, until, allowedBy } of plan.expired) {
    terminal.warn(`The exception from ${from} to ${to}:${port} by ${allowedBy} expired on ${until}: not generated.`);
  }
  const isReached = ({ addresses }: Machine) =>
    plan.flows.some(
      ({ policy, to }) => policy === 'administration' && addresses.some((address) => to.networks.includes(address)),
    );
  const alone = machines.filter((machine) => !isReached(machine)).map(({ name }) => name);
  if (alone.length > 0) {
    terminal.warn(
      `No administrators' network reaches ${alone.join(', ')}: loaded over SSH, the ruleset would cut your own connection. Use the console.`,
    );
  }
}
