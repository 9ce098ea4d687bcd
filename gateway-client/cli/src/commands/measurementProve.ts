import { proveMeasurement, readExactText, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import { MOST_BUNDLE_BYTES, readBundle } from '@tracecal/gateway-client/proof/verify';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { word } from '../text/quoted.js';
import { measurementNumber } from './measurementOptions.js';

interface Options {
  readonly number: number;
  readonly bundle: string;
  readonly output: string;
}

export function measurementProve(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'prove <folder>',
      description:
        "Write one value of a device's log, its place in its batch, and the device's calibration into a file, which anybody can check without this network.",
      example: 'measurement prove measurements --number 17 --bundle RP4-0815.bundle.json -o value.proof.json',
      acting: 'none',
      configure: (command) =>
        command
          .requiredOption('--number <count>', 'the number of the measurement', measurementNumber)
          .requiredOption('--bundle <file>', 'a bundle about the device (proof create)')
          .requiredOption('-o, --output <file>', 'a new file to write'),
      async run({ terminal }, [folder = ''], { number, bundle, output: file }) {
        requireNewFile(file);
        const calibration = readBundle(await readExactText(bundle, MOST_BUNDLE_BYTES));
        const { text, measurement, batch } = await proveMeasurement(folder, number, calibration);
        await writeNewFile(file, text);
        const { device } = measurement;
        const isAnchored = batch !== null && batch.block !== null;
        terminal.result({ file, device, number, batch, characters: text.length }, ({ hint, yellow }) =>
          [
            `${file} proves measurement ${number} of ${device}.`,
            ...(isAnchored
              ? [`The root of its batch is in block ${batch.block} of ${batch.channel}.`]
              : [
                  `${yellow('!')} ${batch ? 'Whether its batch is on the ledger is not known yet' : 'It is in no batch yet'}: run ${hint(`measurement anchor ${word(folder)}`)} and prove it again.`,
                ]),
            `Check it with ${hint(`measurement verify ${word(file)}`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
