import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { stageChaincode } from '@tracecal/network/fabric';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';

const PACKAGE = '@tracecal/chaincode';

export function chaincodeStage(host: Host): Command {
  return commandOf(
    {
      usage: 'stage <folder>',
      description: 'Write what an image of the chaincode is built from: for networks that TraceCal does not run.',
      example: 'chaincode stage ./registry-image',
      acting: 'none',
      async run({ terminal }, [folder]) {
        const context = resolve(folder ?? '');
        if (existsSync(context)) {
          throw new ApplicationError('INPUT_INVALID', `${context} is there already: name a folder that is not.`);
        }
        const { directory } = await stageChaincode(PACKAGE, context);
        terminal.result({ context, directory }, () => `Build the image with: docker build ${context}`);
        return EXIT.yes;
      },
    },
    host,
  );
}
