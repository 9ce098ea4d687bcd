import { ApplicationError } from '@tracecal/gateway-client/application';
import { requestUpgrade } from '@tracecal/network/control';
import type { ChaincodeDeployment, Consortium } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { namedOr } from '../network/descriptionFile.js';
import { requireRunning } from '../network/runningNetwork.js';

interface Options {
  readonly consortium?: string;
  readonly to?: string;
}

export function chaincodeUpgrade(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'upgrade <name>',
      description:
        'Upgrade a chaincode of the running network to its description: new code under a new version, a new endorsement policy, or new collections.',
      example: 'chaincode upgrade registry --to 1.1',
      acting: 'none',
      configure: (command) =>
        command
          .option('--to <version>', 'its new version, if the description does not say it')
          .option(
            '--consortium <file>',
            'description with the new state of the chaincode (default: the one in the data directory, which you may edit)',
          ),
      async run({ terminal, data }, [name = ''], { consortium, to }) {
        await requireRunning(data);
        const wanted = chaincodeIn(
          await namedOr(consortium, data.consortiumFile),
          name,
          consortium ?? data.consortiumFile,
        );
        terminal.progress(`Upgrading ${name}`);
        const { changed, deployment, packageIds } = await requestUpgrade(
          data.root,
          { ...wanted, ...(to !== undefined && { version: to }) },
          (line) => {
            terminal.progress(line);
          },
        );
        const { version, sequence, channels, endorsement } = deployment;
        const stands = `version ${version}, sequence ${sequence}`;
        terminal.result({ name, changed, version, sequence, channels, endorsement, packageIds }, () =>
          changed ? `${name} runs as ${stands}.` : `${name} runs as described already: ${stands}.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** @throws ApplicationError `INPUT_INVALID` */
function chaincodeIn({ chaincodes }: Consortium, name: string, file: string): ChaincodeDeployment {
  const found = chaincodes.find((chaincode) => chaincode.name === name);
  if (found) {
    return found;
  }
  const known = chaincodes.map((chaincode) => chaincode.name).join(', ');
  throw new ApplicationError('INPUT_INVALID', `There is no chaincode ${name} in ${file}: it has ${known}.`);
}
