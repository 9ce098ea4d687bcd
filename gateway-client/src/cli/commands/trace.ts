import type { Command } from 'commander';
import type { Instant } from '@tracecal/chaincode/model';
import type { TraceQuestion } from '../../client/index.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { exitOfVerdict } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { traceTree } from '../view/traceTree.js';

interface Options {
  readonly asOf?: Instant;
  readonly maxAge?: number;
  readonly interval?: number;
}

export function trace(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'trace <device>',
      description: 'Does the calibration of this device trace, unbroken, to a National Metrology Institute?',
      example: 'trace sensor-17 --max-age 24h',
      configure: (command) =>
        command
          .option('--as-of <date>', 'the moment that the question is about (default: now)', parse.asOf)
          .option('--max-age <span>', 'how old the newest heartbeat of the NMIs may be, e.g. 24h', parse.span)
          .option('--interval <days>', "your own recalibration interval for it, instead of its owner's", parse.days),
      async run({ terminal, ...place }, [device = ''], options) {
        const verdict = await withSession(place, async (session) =>
          (await session.reader()).traceCal(device, questionOf(options)),
        );
        terminal.result(verdict, (style) => traceTree(verdict, style));
        return exitOfVerdict(verdict.status);
      },
    },
    host,
  );
}

function questionOf({ asOf, maxAge, interval }: Options): TraceQuestion {
  return {
    ...(asOf !== undefined && { asOf }),
    ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
    ...(interval !== undefined && { intervalDays: interval }),
  };
}
