import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import { loadTls, memberTree } from '@tracecal/network/pki';
import type { EngineNetwork } from './engine.js';
import type { Observation } from './guesser.js';
import { temporaryFolder } from './temporaryFolder.js';

/** Printable parts of messages: ids, names, certificates, digests. */
const WORDS = /[A-Za-z0-9/._:@+=-]{4,}/g;
const MS_OF_A_BIN = 5;

/**
 * Stands between clients and a member's peer with that peer's own TLS key, so it sees each byte as the peer does: what a peer can log, and
 * what anybody on the way can measure.
 */
export class Wiretap {
  readonly profile: string;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<TLSSocket>;
  #up: Buffer[] = [];
  #down: Buffer[] = [];

  private constructor(server: Server, sockets: ReadonlySet<TLSSocket>, profile: string) {
    this.#server = server;
    this.#sockets = sockets;
    this.profile = profile;
  }

  /** @param client The member whose profile is used, if it is not the peer's owner. */
  static async before(network: EngineNetwork, member: string, client = member): Promise<Wiretap> {
    const organisation = network.consortium.organisations.find(({ id }) => id === member)!;
    const endpoint = network.organisations.find(({ id }) => id === member)!;
    const tls = loadTls(memberTree(network.cryptoDir, organisation).node(organisation.peers[0]!.name).tls);
    const port = Number(endpoint.gatewayEndpoint.split(':').at(-1));
    const target = {
      host: '127.0.0.1',
      port,
      ca: Buffer.from(tls.ca),
      servername: endpoint.tlsHostName,
      ALPNProtocols: ['h2'],
    };
    const sockets = new Set<TLSSocket>();
    const taps: { seen?: (way: 'up' | 'down', bytes: Buffer) => void } = {};
    const server = createServer(
      { key: Buffer.from(tls.privateKey), cert: Buffer.from(tls.certificate), ALPNProtocols: ['h2'] },
      (inward) => {
        const outward = connect(target);
        for (const socket of [inward, outward]) sockets.add(socket);
        relay(inward, outward, (bytes) => taps.seen?.('up', bytes));
        relay(outward, inward, (bytes) => taps.seen?.('down', bytes));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const own = network.organisations.find(({ id }) => id === client)!.profile;
    const tap = new Wiretap(
      server,
      sockets,
      profileFor(own, endpoint.tlsHostName, (server.address() as AddressInfo).port),
    );
    taps.seen = (way, bytes) => tap.#note(way, bytes);
    return tap;
  }

  /** All that is seen of a read: its words, its sizes and its time. */
  async observed(read: () => Promise<unknown>): Promise<Observation> {
    this.#up = [];
    this.#down = [];
    const begun = performance.now();
    await read();
    const ms = performance.now() - begun;
    const [up, down] = [Buffer.concat(this.#up), Buffer.concat(this.#down)];
    if (up.length + down.length === 0) return [];
    return [
      ...wordsIn(up).map((word) => `up ${word}`),
      ...wordsIn(down).map((word) => `down ${word}`),
      `bytes up ${up.length}`,
      `bytes down ${down.length}`,
      `time ${Math.round(ms / MS_OF_A_BIN)}`,
    ];
  }

  /** All bytes of a read in both directions: what messages hold, without the frames of HTTP/2 between. */
  async bytesOf(read: () => Promise<unknown>): Promise<readonly Uint8Array[]> {
    this.#up = [];
    this.#down = [];
    await read();
    return [withoutFrames(Buffer.concat(this.#up)), withoutFrames(Buffer.concat(this.#down))];
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #note(way: 'up' | 'down', bytes: Buffer): void {
    (way === 'up' ? this.#up : this.#down).push(bytes);
  }
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const FRAME_HEAD = 9;
const DATA = 0;

/** The data of a connection from its beginning, and all its other frames after that. */
function withoutFrames(stream: Buffer): Buffer {
  const data: Buffer[] = [];
  const others: Buffer[] = [];
  let place = stream.subarray(0, PREFACE.length).toString('latin1') === PREFACE ? PREFACE.length : 0;
  while (place + FRAME_HEAD <= stream.length) {
    const end = place + FRAME_HEAD + stream.readUIntBE(place, 3);
    (stream[place + 3] === DATA ? data : others).push(stream.subarray(place + FRAME_HEAD, end));
    place = end;
  }
  return Buffer.concat([...data, ...others]);
}

function relay(from: TLSSocket, to: TLSSocket, seen: (bytes: Buffer) => void): void {
  from.on('data', (bytes: Buffer) => {
    seen(bytes);
    to.write(bytes);
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
}

function wordsIn(bytes: Buffer): readonly string[] {
  return [...new Set(bytes.toString('latin1').match(WORDS) ?? [])];
}

/** A copy of a connection profile that leads to another port. */
function profileFor(profile: string, host: string, port: number): string {
  const text = JSON.parse(readFileSync(profile, 'utf8')) as { peers: Record<string, { url: string }> };
  text.peers[host]!.url = `grpcs://localhost:${port}`;
  const file = join(temporaryFolder(), 'profile.json');
  writeFileSync(file, JSON.stringify(text));
  return file;
}
