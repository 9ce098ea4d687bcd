import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';
/** Where Linux says which ports it gives to outgoing connections, as two numbers. */
const OUTGOING = '/proc/sys/net/ipv4/ip_local_port_range';
/** Below this, well-known services are at home. */
const FIRST = 10_000;
const LAST = 65_535;
/** Those of macOS and Windows. */
const IANA_OUTGOING = [49_152, LAST] as const;

/**
 * On which ports a network listens: on those of its description (`configured`), on any that are `free`, or where it did at its
 * last start (`kept`), which at the first one means those of its description.
 */
export type Ports = 'kept' | 'configured' | 'free';

/** From the first to the last. */
type PortRange = readonly [first: number, last: number];

/**
 * Ports of loopback that nobody listens on, none of them among those that the system gives to outgoing connections: a node that
 * ended finds its port free when it starts again, where the first connection that somebody makes could have taken it otherwise.
 * @throws Error when there are not so many
 */
export async function freePorts(count: number, outgoing: PortRange = outgoingPorts()): Promise<number[]> {
  const candidates = portsBeside(outgoing);
  // From a place of chance on, so that networks that start at the same moment do not choose the same ones.
  const start = randomInt(candidates.length);
  const found: number[] = [];
  for (const port of [...candidates.slice(start), ...candidates.slice(0, start)]) {
    if (found.length === count) break;
    if ((await whyTaken(port)) === undefined) found.push(port);
  }
  if (found.length < count) throw new Error(`There are no ${count} free ports on ${LOOPBACK}.`);
  return found;
}

/** Why a port of loopback cannot be listened on; nothing when it can. */
export function whyTaken(port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', resolve);
    server.listen(port, LOOPBACK, () =>
      server.close(() => {
        resolve(undefined);
      }),
    );
  });
}

/**
 * What to do where a node cannot listen on its port of loopback.
 *
 * @param areFixed - Whether the network can have no other ports any more: its channels' configurations contain them.
 */
export function portTaken(name: string, port: number, areFixed = false): string {
  const otherwise = areFixed ? ' (the ports of a network stay those of its first start)' : ', or use --ports free';
  return `${name} must listen on ${LOOPBACK}:${port}, which is not free: end what listens there${otherwise}.`;
}

/** Whether somebody listens there. */
export async function listening(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const settle = (result: boolean): void => {
      socket.destroy();
      done(result);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.setTimeout(2000, () => {
      settle(false);
    });
  });
}

function portsBeside([first, last]: PortRange): readonly number[] {
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);
  const beside = all.filter((port) => port < first || port > last);
  return beside.length > 0 ? beside : all;
}

function outgoingPorts(): PortRange {
  try {
    const [first = NaN, last = NaN] = readFileSync(OUTGOING, 'utf8').trim().split(/\s+/).map(Number);
    if (first <= last) return [first, last];
  } catch {
    // Only Linux has the file.
  }
  return IANA_OUTGOING;
}
