import { ApplicationError } from '@tracecal/gateway-client/application';
import { explain } from '@tracecal/network/firewall';
import type { FirewallExplanation } from '@tracecal/network/firewall';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { firewallPlan } from '../network/firewallPlan.js';

interface Options {
  readonly consortium?: string;
}

export function firewallExplain(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'explain <src> <dst>',
      description:
        'Say which policy lets SRC begin to talk to DST[:PORT], or why it is denied. Ends with 0 if it is allowed, and with 7 if it is denied.',
      example: 'firewall explain site-a/gateways peer0.oem-a.example:7551',
      acting: 'none',
      configure: (command) =>
        command
          .option('--consortium <file>', 'description of the consortium')
          .addHelpText(
            'after',
            '\nSRC and DST: an IPv4 address or network, a host, the name of a node, or a zone and a role like site-a/instruments.',
          ),
      async run({ terminal, data }, [from = '', destination = ''], { consortium }) {
        const { to, port } = destinationOf(destination);
        const plan = await firewallPlan(data, consortium);
        const answer = explain(plan, { from, to, ...(port !== undefined && { port }) });
        terminal.result({ from, to, ...(port !== undefined && { port }), ...answer }, () => textOf(answer));
        return answer.isAllowed ? EXIT.yes : EXIT.refused;
      },
    },
    host,
  );
}

function destinationOf(text: string): { readonly to: string; readonly port?: number } {
  const [to = '', port, ...rest] = text.split(':');
  if (port === undefined) return { to };
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535 || rest.length > 0) {
    throw new ApplicationError('USAGE', `"${text}" has no port between 1 and 65535: write it like 10.0.0.5:7051.`);
  }
  return { to, port: Number(port) };
}

function textOf({ isAllowed, sentence, flows }: FirewallExplanation): string {
  const lines = flows.map(
    ({ from, to, protocol, ports, sentence: why }) => `  ${protocol} ${ports.join(', ')}: ${from} to ${to}. ${why}`,
  );
  return [`${isAllowed ? 'Allowed' : 'Denied'}: ${sentence}`, ...lines].join('\n');
}
