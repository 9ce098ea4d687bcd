import { basename } from 'node:path';
import { readText } from '@tracecal/gateway-client/application';
import { requestMembershipChange } from '@tracecal/network/control';
import { parseJoining, readConsortium } from '@tracecal/network/topology';
import type { ChangeOptions, Endorsements, MembershipChange } from '@tracecal/network/topology';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { requireRunning } from '../network/runningNetwork.js';
import { withSession } from '../session.js';
import type { Place } from '../session.js';
import { confirmationOptions, requireConfirmed, tellDryRun } from './confirmation.js';
import type { Confirmation } from './confirmation.js';

interface AddOptions {
  readonly fromSnapshot?: boolean;
}

interface RemoveOptions extends Confirmation {
  readonly endorsement?: Endorsements;
}

const JOINING_EXAMPLE = `organisation:
  id: lab-gamma
  mspId: LabGammaMSP
  kind: LAB
  name: Gamma Calibration Laboratory
  country: KE
  domain: lab-gamma.example
  peers: [{ name: peer0, port: 7851 }]
channels: { calibration: writer }`;

export function networkAddOrg(host: Host): Command {
  return commandOf<AddOptions>(
    {
      usage: 'add-org <file>',
      description:
        'Add an organisation to the running network. The file says who it is (`organisation`), what it may do where (`channels`), and which `endorsement` policies change.',
      example: 'network add-org lab-gamma.yaml',
      acting: 'none',
      configure: (command) =>
        command
          .option(
            '--from-snapshot',
            "its peers join from a snapshot of another member's peer, without the blocks before it (real Fabric)",
          )
          .addHelpText('after', `\nA file (YAML or JSON):\n${JOINING_EXAMPLE}`),
      async run({ terminal, data }, [file = ''], { fromSnapshot = false }) {
        const joining = parseJoining(await readText(file), basename(file));
        const { id } = joining.organisation;
        terminal.progress(`Taking ${id} into the network`);
        const joinFrom = fromSnapshot ? 'snapshot' : 'genesis';
        const document = await make({ join: joining }, { terminal, data }, { joinFrom });
        terminal.result({ joined: id, ...document }, () => `${id} is a member. ${membersLine(document)}`);
        return EXIT.yes;
      },
    },
    host,
  );
}

export function networkRemoveOrg(host: Host): Command {
  return commandOf<RemoveOptions>(
    {
      usage: 'remove-org <id>',
      description: 'Remove an organisation from the running network. What it wrote stays.',
      example: 'network remove-org lab-gamma',
      acting: 'none',
      configure: (command) =>
        confirmationOptions(
          command.option(
            '--endorsement <chaincode=policy>',
            'new endorsement policy of a chaincode whose policy names it; may be repeated',
            endorsement,
          ),
        ),
      async run({ terminal, data, timeoutMs }, [id = ''], { endorsement: policies = {}, ...confirmation }) {
        const leaving = { id, channels: await channelsOf(data, id) };
        const loss = `${id} loses its rights on ${leaving.channels.join(', ') || 'no channel'}, and its peers stop. What it wrote stays.`;
        if (confirmation.dryRun) {
          return tellDryRun(terminal, leaving, loss);
        }
        await requireConfirmed(terminal, confirmation, () => loss);
        terminal.progress(`Taking ${id} out of the network`);
        const document = await make({ leave: id, endorsement: policies }, { terminal, data });
        const orderers = readConsortium(data.consortiumFile).orderers.filter(({ runBy }) => runBy === id);
        const ordering = orderers.map(({ name }) => name);
        const stays = ordering.map((name) => ` Its orderer ${name} goes on ordering.`).join('');
        const stillInstitute = await isStandingInstitute({ data, as: undefined, profile: undefined, timeoutMs }, id);
        const hint = stillInstitute ? ` The registry still counts it: run \`tracecal revoke organisation ${id}\`.` : '';
        terminal.result({ left: id, ordering, stillInstitute, ...document }, ({ hint: spell }) =>
          spellHints(`${id} is not a member any more.${stays}${hint} ${membersLine(document)}`, spell),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** The channels that an organisation would leave. @throws ApplicationError `NETWORK_DOWN` */
async function channelsOf(data: DataDirectory, id: string): Promise<readonly string[]> {
  await requireRunning(data);
  const { channels } = readConsortium(data.consortiumFile);
  return channels.filter(({ writers, readers }) => [...writers, ...readers].includes(id)).map(({ name }) => name);
}

/** Whether the registry counts an organisation as an institute in good standing; false also if no registry answers. */
async function isStandingInstitute(place: Place, id: string): Promise<boolean> {
  try {
    const institutes = await withSession(place, (session) => session.institutes());
    return institutes.some((institute) => institute.id === id && institute.impediments.length === 0);
  } catch {
    return false;
  }
}

interface Changed {
  readonly organisations: readonly { readonly id: string; readonly mspId: string; readonly gatewayEndpoint: string }[];
}

/**
 * Asks the process of the network to make a change.
 * @throws ApplicationError `NETWORK_DOWN`; ControlError
 */
async function make(
  change: MembershipChange,
  { terminal, data }: Pick<Invocation, 'terminal' | 'data'>,
  how?: ChangeOptions,
): Promise<Changed> {
  await requireRunning(data);
  const { organisations } = await requestMembershipChange(data.root, change, how, (line) => {
    terminal.progress(line);
  });
  return { organisations: organisations.map(({ id, mspId, gatewayEndpoint }) => ({ id, mspId, gatewayEndpoint })) };
}

function membersLine({ organisations }: Changed): string {
  return `Members: ${organisations.map(({ id }) => id).join(', ')}.`;
}

function endorsement(value: string, earlier: Endorsements = {}): Endorsements {
  const at = value.indexOf('=');
  if (at < 1) {
    throw new InvalidArgumentError("Write it like monitoring=OR('MonitorMSP.peer').");
  }
  return { ...earlier, [value.slice(0, at)]: value.slice(at + 1) };
}
