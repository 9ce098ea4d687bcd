import { ApplicationError } from '@tracecal/gateway-client/application';
import { approvedPackage, listDefinitions } from '@tracecal/network/admin';
import type { CommittedDefinition } from '@tracecal/network/admin';
import { printApplicationPolicy } from '@tracecal/network/channel';
import { readConsortium } from '@tracecal/network/topology';
import type { Channel } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { EXIT } from '../exit.js';
import { Administrator } from '../network/administrator.js';
import { requireRunning } from '../network/runningNetwork.js';
import { table } from '../view/table.js';

interface Row extends Pick<CommittedDefinition, 'name' | 'version' | 'sequence'> {
  readonly channel: string;
  readonly endorsement: string;
  readonly packageId: string | null;
}

export function chaincodeList(host: Host): Command {
  return commandOf(
    {
      usage: 'list',
      description: 'The chaincodes that the channels of the running network have agreed on, as a member sees them.',
      example: 'chaincode list --as lab-alpha',
      reads: true,
      acting: 'in-data',
      async run({ terminal, data, as }) {
        const rows = await listAll(data, as);
        const columns = (['channel', 'name', 'version', 'sequence', 'endorsement', 'packageId'] as const).map(
          (title) => ({
            title: title === 'packageId' ? 'package' : title,
            of: (row: Row) => row[title],
          }),
        );
        terminal.result({ chaincodes: rows }, (style) => table(columns, rows, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

/** Each channel may need a different member to ask: no member is in all channels. */
async function listAll(data: DataDirectory, as: string | undefined): Promise<readonly Row[]> {
  const running = await requireRunning(data);
  const consortium = readConsortium(data.consortiumFile);
  const membersOf = ({ writers, readers }: Channel) => [...writers, ...readers];
  const seen = consortium.channels.filter((channel) => as === undefined || membersOf(channel).includes(as));
  if (as !== undefined && !consortium.organisations.some(({ id }) => id === as)) {
    throw new ApplicationError(
      'ORGANISATION_UNKNOWN',
      `No organisation "${as}" in the consortium, which has ${consortium.organisations.map(({ id }) => id).join(', ')}.`,
    );
  }
  const rows = await Promise.all(
    seen.map(async (channel) => {
      const administrator = Administrator.of(data, consortium, running, as ?? membersOf(channel)[0] ?? '');
      try {
        return await listOn(channel.name, administrator);
      } finally {
        administrator.close();
      }
    }),
  );
  return rows.flat();
}

async function listOn(channel: string, { connection, signer }: Administrator): Promise<readonly Row[]> {
  const definitions = await listDefinitions(connection, signer, channel);
  return Promise.all(
    definitions.map(async (definition) => {
      const { name, version, sequence } = definition;
      const packageId = (await approvedPackage(connection, signer, channel, definition)) ?? null;
      return {
        channel,
        name,
        version,
        sequence,
        endorsement: printApplicationPolicy(definition.endorsement),
        packageId,
      };
    }),
  );
}
