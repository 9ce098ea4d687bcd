import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** Far more than a description of a consortium with all its members needs. */
const MAX_LINE = 4 * 1024 * 1024;

/** Sends a message as one line of JSON. Does nothing if the reader has gone. */
export function sendLine(socket: Socket, message: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Passes on every message. Closes the connection if a line is too long or not JSON. */
export function onLines(socket: Socket, take: (message: unknown) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = `${rest}${decoder.write(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    try {
      if (rest.length > MAX_LINE) throw new Error('The line is too long.');
      for (const line of lines) take(JSON.parse(line));
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
