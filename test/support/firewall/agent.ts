// A machine in a namespace: listens on ports (arguments), connects when it is told to, and says what it has seen. One JSON line each way.
import { createSocket } from 'node:dgram';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** One attempt to reach a machine. */
export interface Probe {
  readonly to: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly patienceMs: number;
  readonly localPort?: number;
}

export type Order =
  | { readonly probe: readonly Probe[] }
  | { readonly seen: true }
  | { readonly stream: { readonly to: string; readonly port: number } }
  | { readonly endStream: true };

const seen = new Set<string>();
const servers = new Map<number, Server>();
const ports = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  await Promise.all(ports.flatMap((port) => [listenTcp(port), listenUdp(port)]));
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, order } = JSON.parse(line) as { id: number; order: Order };
    void execute(order).then((result) => say({ id, result }));
  }
  process.exit(0);
}

function say(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

async function execute(order: Order): Promise<unknown> {
  if ('probe' in order) return Promise.all(order.probe.map(attemptFrom));
  if ('stream' in order) return startStream(order.stream);
  if ('endStream' in order) return endStream();
  const all = [...seen];
  seen.clear();
  return all;
}

function listenTcp(port: number): Promise<void> {
  const server = createServer((socket) => {
    seen.add(`tcp ${socket.remoteAddress ?? ''} ${port}`);
    socket.on('error', () => undefined).write('.');
    socket.pipe(socket);
  });
  servers.set(port, server);
  return new Promise((resolve) => server.listen(port, '0.0.0.0', resolve));
}

function listenUdp(port: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.on('message', (message, { address, port: theirs }) => {
    seen.add(`udp ${address} ${port}`);
    // What the rules drop on its way out is an error of the call here.
    socket.send(message, theirs, address, () => undefined);
  });
  return new Promise((resolve) => socket.bind(port, '0.0.0.0', resolve));
}

/** As {@link attempt}. A port that is to be the source must not be listened on meanwhile. */
async function attemptFrom(probe: Probe): Promise<boolean> {
  const { localPort } = probe;
  if (localPort === undefined) return attempt(probe);
  servers.get(localPort)?.close();
  const answer = await attempt(probe);
  await listenTcp(localPort);
  return answer;
}

/** Whether something came back. */
function attempt({ to, port, protocol, patienceMs, localPort }: Probe): Promise<boolean> {
  return new Promise((resolve) => {
    if (protocol === 'tcp') {
      const socket = connect({
        host: to,
        port,
        ...(localPort !== undefined && { localPort, localAddress: '0.0.0.0' }),
      });
      const end = (answer: boolean) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(answer);
      };
      const timer = setTimeout(() => end(false), patienceMs);
      socket.once('data', () => end(true)).once('error', () => end(false));
      return;
    }
    const socket = createSocket('udp4');
    const end = (answer: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), patienceMs);
    socket.once('message', () => end(true)).on('error', () => undefined);
    socket.send('?', port, to, () => undefined);
  });
}

let stream: { readonly socket: Socket; rounds: number; failure: string | null } | undefined;

/** Sends a byte, waits until it is back, and goes on. */
function startStream({ to, port }: { readonly to: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port });
    const state = { socket, rounds: 0, failure: null as string | null };
    stream = state;
    socket.on('data', () => {
      state.rounds += 1;
      if (state.rounds === 1) resolve(true);
      socket.write('x');
    });
    const fail = (why: string) => {
      state.failure ??= why;
      resolve(false);
    };
    socket.on('error', ({ message }) => fail(message)).on('close', () => fail('closed'));
  });
}

async function endStream(): Promise<unknown> {
  const before = stream?.rounds ?? 0;
  const deadline = Date.now() + 30_000;
  // It has to go on after the last reload, too.
  while ((stream?.rounds ?? 0) <= before && stream?.failure === null && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const result = {
    rounds: (stream?.rounds ?? 0) - 1,
    wentOn: (stream?.rounds ?? 0) > before,
    failure: stream?.failure ?? null,
  };
  stream?.socket.removeAllListeners('close').destroy();
  return result;
}

void main();
