import { ApplicationError } from '@tracecal/gateway-client/application';
import type { Trust } from '@tracecal/gateway-client';
import { TraceCalError } from '@tracecal/gateway-client';
import { askBucket } from '@tracecal/gateway-client/proof';
import type { BucketVerdict } from '@tracecal/gateway-client/proof';
import type { Invocation } from '../command.js';
import { EXIT, exitOfStatus } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';
import { noteLines } from '../view/noteLines.js';

/** Traces a device without telling which. Nothing but its bucket's name leaves this machine, so its id is not looked up. */
export async function traceInBucket(
  invocation: Invocation,
  device: string,
  { trust, acceptAttested }: { readonly trust: Trust | undefined; readonly acceptAttested: boolean },
): Promise<number> {
  if (!device.includes('/')) {
    throw new ApplicationError(
      'USAGE',
      `Write the whole id, like lab-alpha/${device}: to look up the organisation of ${device} would tell which device is meant.`,
    );
  }
  if (trust === undefined) {
    throw new TraceCalError(
      'TRUST_MISSING',
      'A bucket is the word of peers: name those whom you believe with --trust and a file of `tracecal trust export --from-network`.',
    );
  }
  const verdict = await withSession(invocation, async (session) =>
    askBucket(await session.reader(), device, { trust }),
  );
  const { status, fulfilled, check, asOf, words } = verdict;
  const isAccepted = fulfilled || (acceptAttested && status === 'ATTESTED');
  invocation.terminal.result({ ...verdict, accepted: isAccepted }, (style) =>
    [
      `${device} is ${style.bold(status)} as of ${asOf}${check === null ? '' : `, because of the check ${check}`}.`,
      ...[
        ...(status === 'TRACEABLE' && !fulfilled ? ["its owner's requirements are not met"] : []),
        ...(status === 'UNTRACED'
          ? ['its trace needs more work than a place in a bucket gets: ask in another way']
          : []),
        `${words} answer for it; ${told(verdict)}`,
        'not checked: how fresh the heartbeats are, and your own roots; the peers used those of the registry',
      ].flatMap((line) => noteLines(`  ${line}`, style).map(style.dim)),
    ].join('\n'),
  );
  return exitOf(verdict, isAccepted);
}

function told({ prefix, devices }: BucketVerdict): string {
  return prefix === ''
    ? `they learnt that one of all ${counted(devices, 'device')} with a place is meant`
    : `they learnt that one of the ${counted(devices, 'device')} is meant whose digests begin with ${prefix}`;
}

function exitOf({ status }: BucketVerdict, isAccepted: boolean): number {
  if (isAccepted) return EXIT.yes;
  if (status === 'UNTRACED') return EXIT.incomplete;
  return status === 'TRACEABLE' ? EXIT.failed : exitOfStatus(status);
}
