import { hostname } from 'node:os';
import { compareRulesets, FirewallError, machineNamed, rulesetOf } from '@tracecal/network/firewall';
import type { FirewallPlan, Machine, RuleDifference } from '@tracecal/network/firewall';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { ownAddresses } from '../network/ownAddresses.js';
import { EXIT } from '../exit.js';
import { firewallPlan } from '../network/firewallPlan.js';
import { listingOf, loadedTable } from '../network/nft.js';

interface Options {
  readonly host?: string;
  readonly consortium?: string;
}

const WORDS: Readonly<Record<RuleDifference['kind'], string>> = {
  missing: 'not loaded',
  extra: 'loaded, but not generated',
  order: 'in another order',
};

export function firewallCheck(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'check',
      description:
        'Compare the ruleset that is loaded on this machine with the one that is generated now. Needs nft and the rights of an administrator; changes nothing. Ends with 1 if they differ.',
      example: 'firewall check --host peer.lab-alpha.example --consortium consortium.yaml',
      acting: 'none',
      configure: (command) =>
        command
          .option('--host <name>', 'the machine (default: the one with an address of this machine)')
          .option('--consortium <file>', 'description of the consortium'),
      async run({ terminal, data }, _args, { host: name, consortium }) {
        const plan = await firewallPlan(data, consortium);
        const machine = name === undefined ? ownMachine(plan) : machineNamed(plan, name);
        const live = await loadedTable();
        const expected = await listingOf(rulesetOf(plan, machine));
        const differences = live === undefined ? [] : compareRulesets(expected, live);
        const isLoaded = live !== undefined;
        const isSame = isLoaded && differences.length === 0;
        terminal.result({ host: machine.name, isLoaded, isSame, differences }, () =>
          isSame
            ? `The firewall of ${machine.name} is loaded as generated.`
            : isLoaded
              ? differences.map(({ kind, place, content }) => `${place}: ${WORDS[kind]}: ${content}`).join('\n')
              : `No firewall of TraceCal is loaded here: load that of ${machine.name} with nft -f.`,
        );
        return isSame ? EXIT.yes : EXIT.failed;
      },
    },
    host,
  );
}

/** @throws FirewallError `HOST_UNKNOWN` if no machine of the description has an address or the name of this one */
function ownMachine({ machines }: FirewallPlan): Machine {
  const [own, name] = [ownAddresses(), hostname()];
  const found =
    machines.find(({ addresses }) => addresses.some((address) => own.includes(address))) ??
    machines.find((machine) => machine.name === name);
  if (found !== undefined) return found;
  const known = machines.map((machine) => machine.name).join(', ');
  const why = `No machine in the description has an address of this one, or its name ${name}: say with --host which one this is. Its machines: ${known}.`;
  throw new FirewallError('HOST_UNKNOWN', why);
}
