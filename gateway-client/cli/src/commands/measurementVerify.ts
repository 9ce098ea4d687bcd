import { trustedRoots } from '@tracecal/gateway-client';
import { readExactText } from '@tracecal/gateway-client/application';
import { verifyMeasurement } from '@tracecal/gateway-client/device';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfVerdict } from '../exit.js';
import { measurementReportText } from '../view/measurementText.js';
import { freshnessAsked, freshnessOptions, rememberSeen } from './freshnessOptions.js';
import type { FreshnessOptions } from './freshnessOptions.js';
import { trustOf } from './measurementOptions.js';
import { acceptOption } from './questionOptions.js';
import { trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions, FreshnessOptions {
  readonly accept?: 'attested';
}

export function measurementVerify(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'verify <file>',
      description:
        "Check one proved value: its device's signature, its place in its batch, and the calibration of its device for this value at that moment, up to the roots that you trust. Needs no network and no account. The exit codes are those of trace; with a change log it is 8 if something may have changed since.",
      example: 'measurement verify value.proof.json --trust trust.json',
      acting: 'none',
      configure: (command) => acceptOption(freshnessOptions(trustOption(command))),
      async run({ terminal, data }, [file = ''], options) {
        const trust = await trustOf(options, data);
        const { registry, validity } = trust;
        const fresh = await freshnessAsked(options, trust);
        const report = await verifyMeasurement(await readExactText(file, MOST_BUNDLE_BYTES), {
          roots: trustedRoots(trust),
          registry,
          validity,
          ...(fresh && { fresh }),
        });
        await rememberSeen(options, report.fresh?.seen);
        terminal.result({ file, ...report }, (style) => measurementReportText(report, style));
        if (report.overclaimed !== null) {
          return EXIT.failed;
        }
        const exit = exitOfVerdict(report.verdict, { acceptAttested: options.accept === 'attested' });
        return exit === EXIT.yes && report.fresh?.holds === false ? EXIT.stale : exit;
      },
    },
    host,
  );
}
