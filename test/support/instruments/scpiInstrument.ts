import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A simulated instrument that answers lines over a raw socket, and keeps all bytes that it got. */
export class ScpiInstrument {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  /** Most connections that were open at once. */
  mostOpen = 0;
  connections = 0;
  received = '';

  private constructor(answer: (line: string, socket: Socket) => string | undefined) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#open.add(socket);
      this.mostOpen = Math.max(this.mostOpen, this.#open.size);
      socket.on('close', () => this.#open.delete(socket));
      socket.on('error', () => undefined);
      let rest = '';
      socket.on('data', (bytes) => {
        this.received += bytes.toString('latin1');
        const lines = (rest + bytes.toString('latin1')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const text = answer(line, socket);
          if (text !== undefined) socket.write(text);
        }
      });
    });
  }

  /** @param answer - What is written back to a line; undefined for nothing. */
  static async start(answer: (line: string, socket: Socket) => string | undefined): Promise<ScpiInstrument> {
    const instrument = new ScpiInstrument(answer);
    await new Promise<void>((resolve) => instrument.#server.listen(0, '127.0.0.1', resolve));
    return instrument;
  }

  get endpoint(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
